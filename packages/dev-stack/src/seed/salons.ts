/** A text in both languages. */
export interface Text {
  ar: string;
  en: string;
}

/** A salon as the seed makes it; `staff` are phone numbers with the names that customers see. */
export interface SalonPlan {
  salon: Record<string, unknown> & { name: Text; payment_policy: 'at_salon' | 'in_advance' };
  /** `needs` are keys of `resources`: one of each list is taken. */
  services: readonly ServicePlan[];
  resources: readonly { key: string; name: Text; kind: 'room' | 'chair' | 'equipment' }[];
  staff: readonly { phoneNumber: string; name: Text; gender: 'female' | 'male' }[];
}

/** A service as the seed makes it. */
export interface ServicePlan {
  name: Text;
  category: string;
  minutes: number;
  bufferAfter?: number;
  halalas: number;
  needs?: readonly (readonly string[])[];
}

const policy = {
  time_zone: 'Asia/Riyadh',
  cancellation_policy: { free_until_hours: 24, late_fee_percent: 50, no_show_fee_percent: 100 },
  booking_rules: { slot_step_minutes: 15, min_notice_minutes: 30, max_advance_days: 60 },
};

/** Takes payment at the salon: a booking is confirmed at once. */
export const jasmine: SalonPlan = {
  salon: {
    ...policy,
    name: { ar: 'صالون الياسمين', en: 'Jasmine Salon' },
    description: {
      ar: 'عناية بالشعر والبشرة والأظافر للسيدات في حي العليا',
      en: 'Hair, skin and nail care for ladies in Al Olaya',
    },
    city: { ar: 'الرياض', en: 'Riyadh' },
    place: { latitude: 24.6949, longitude: 46.6853 },
    audience: 'ladies',
    vat_number: '310122393500003',
    payment_policy: 'at_salon',
  },
  services: [
    { name: { ar: 'قص شعر', en: 'Haircut' }, category: 'hair', minutes: 45, halalas: 11_500 },
    {
      name: { ar: 'صبغة شعر', en: 'Hair colouring' },
      category: 'hair',
      minutes: 120,
      bufferAfter: 15,
      halalas: 34_500,
      needs: [['basin 1', 'basin 2']],
    },
    { name: { ar: 'مانيكير', en: 'Manicure' }, category: 'nails', minutes: 40, halalas: 9_200 },
    {
      name: { ar: 'تنظيف بشرة', en: 'Facial' },
      category: 'skin',
      minutes: 60,
      bufferAfter: 10,
      halalas: 17_250,
      needs: [['skin room']],
    },
  ],
  resources: [
    { key: 'basin 1', name: { ar: 'مغسلة شعر ١', en: 'Hair basin 1' }, kind: 'chair' },
    { key: 'basin 2', name: { ar: 'مغسلة شعر ٢', en: 'Hair basin 2' }, kind: 'chair' },
    { key: 'skin room', name: { ar: 'غرفة العناية بالبشرة', en: 'Skin care room' }, kind: 'room' },
  ],
  staff: [
    { phoneNumber: '+966500000003', name: { ar: 'هدى الغامدي', en: 'Huda Al-Ghamdi' }, gender: 'female' },
    { phoneNumber: '+966500000004', name: { ar: 'ريم الزهراني', en: 'Reem Al-Zahrani' }, gender: 'female' },
    { phoneNumber: '+966500000005', name: { ar: 'أمل الشهري', en: 'Amal Al-Shehri' }, gender: 'female' },
  ],
};

/** Takes payment in advance: a booking is held until it is paid. */
export const goldenScissors: SalonPlan = {
  salon: {
    ...policy,
    name: { ar: 'المقص الذهبي', en: 'Golden Scissors' },
    description: {
      ar: 'حلاقة رجالية وعناية باللحية على كورنيش جدة',
      en: 'Barber and beard care on the Jeddah corniche',
    },
    city: { ar: 'جدة', en: 'Jeddah' },
    place: { latitude: 21.5433, longitude: 39.1728 },
    audience: 'men',
    vat_number: '310122393500004',
    payment_policy: 'in_advance',
    prayer_pauses: { prayers: ['dhuhr', 'asr', 'maghrib', 'isha'], length_minutes: 20 },
  },
  services: [
    { name: { ar: 'قص شعر', en: 'Haircut' }, category: 'hair', minutes: 30, halalas: 6_900 },
    { name: { ar: 'تهذيب اللحية', en: 'Beard trim' }, category: 'beard', minutes: 20, halalas: 4_600 },
    { name: { ar: 'حلاقة ملكية', en: 'Royal shave' }, category: 'beard', minutes: 45, bufferAfter: 5, halalas: 11_500 },
    {
      name: { ar: 'حمام مغربي', en: 'Moroccan bath' },
      category: 'spa',
      minutes: 60,
      bufferAfter: 15,
      halalas: 23_000,
      needs: [['bath']],
    },
  ],
  resources: [{ key: 'bath', name: { ar: 'غرفة الحمام المغربي', en: 'Moroccan bath room' }, kind: 'room' }],
  staff: [
    { phoneNumber: '+966500000006', name: { ar: 'فهد القحطاني', en: 'Fahad Al-Qahtani' }, gender: 'male' },
    { phoneNumber: '+966500000007', name: { ar: 'ماجد الدوسري', en: 'Majed Al-Dosari' }, gender: 'male' },
    { phoneNumber: '+966500000008', name: { ar: 'عمر المطيري', en: 'Omar Al-Mutairi' }, gender: 'male' },
  ],
};
