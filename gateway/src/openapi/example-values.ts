import { createHash } from 'node:crypto';

/** Values by the names that fields of this system have; `Message.field` goes before `field`. */
const values: ReadonlyMap<string, unknown> = new Map<string, unknown>(
  Object.entries({
    phone_number: '+966512345678',
    email: 'sara@example.com',
    first_name: 'Sara',
    last_name: 'Al-Harbi',
    display_name: 'Sara Al-Harbi',
    preferred_language: 'ar',
    language: 'ar',
    code: '482915',
    password: 'not-used',
    access: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzIn0.c2lnbmF0dXJl',
    refresh: 'mrt_7Zr1nq0cVQ2uXo5tJ8w4yA',
    expires_in: 900,
    resend_after_seconds: 60,
    etag: '3',
    page_size: 20,
    page_token: 'eyJhIjoiMDE5MyJ9.4kq2',
    next_page_token: 'eyJhIjoiMDE5MyJ9.4kq2',
    time_zone: 'Asia/Riyadh',
    currency: 'SAR',
    amount: 11_500,
    vat_number: '310122393500003',
    category: 'hair',
    'ListSalonsRequest.city': 'Riyadh',
    city: { ar: 'الرياض', en: 'Riyadh' },
    name: { ar: 'نورة', en: 'Noura' },
    'Salon.name': { ar: 'صالون الياسمين', en: 'Jasmine Salon' },
    'CreateSalonRequest.name': { ar: 'صالون الياسمين', en: 'Jasmine Salon' },
    'UpdateSalonRequest.name': { ar: 'صالون الياسمين', en: 'Jasmine Salon' },
    'Service.name': { ar: 'قص الشعر', en: 'Haircut' },
    'CreateServiceRequest.name': { ar: 'قص الشعر', en: 'Haircut' },
    salon_name: { ar: 'صالون الياسمين', en: 'Jasmine Salon' },
    service_name: { ar: 'قص الشعر', en: 'Haircut' },
    staff_name: { ar: 'نورة', en: 'Noura' },
    description: { ar: 'قص وتصفيف', en: 'Cut and style' },
    'LocalizedText.ar': 'نورة',
    'LocalizedText.en': 'Noura',
    text: 'haircut',
    latitude: 24.7136,
    longitude: 46.6753,
    duration_minutes: 45,
    buffer_before_minutes: 0,
    buffer_after_minutes: 15,
    free_until_hours: 24,
    late_fee_percent: 50,
    slot_step_minutes: 15,
    min_notice_minutes: 60,
    max_advance_days: 90,
    opens: '09:00',
    closes: '21:00',
    customer_note: 'Please call when I may come in.',
    reason: 'Something came up.',
    failure_reason: '',
    body: 'تم تأكيد حجزك في صالون الياسمين.',
    payment_url: 'https://checkout.moyasar.com/invoices/0193e6a4-5c11-7a3e-9d52-6f1b2c3d4e5f',
    from: '2030-01-15T00:00:00Z',
    to: '2030-01-16T00:00:00Z',
    start_at: '2030-01-15T15:30:00Z',
    end_at: '2030-01-15T16:15:00Z',
    created_at: '2030-01-10T09:00:00Z',
    updated_at: '2030-01-10T09:02:30Z',
    sent_at: '2030-01-10T09:02:31Z',
    cancelled_at: '2030-01-12T18:00:00Z',
    expires_at: '2030-01-10T09:10:00Z',
    hold_expires_at: '2030-01-10T09:10:00Z',
  }),
);

/** An example for a field by its name; undefined where the name says nothing. A city in a query is a text, in a salon both texts. */
export function namedExample(message: string, field: string): unknown {
  return values.get(`${message}.${field}`) ?? values.get(field);
}

/** An id that looks like ours (UUIDv7) and is always the same for one kind of thing: a booking's `id` is every `booking_id`. */
export function exampleId(kind: string): string {
  const hash = createHash('sha256').update(kind).digest('hex');
  return `0193e6a4-${hash.slice(0, 4)}-7${hash.slice(4, 7)}-8${hash.slice(7, 10)}-${hash.slice(10, 22)}`;
}
