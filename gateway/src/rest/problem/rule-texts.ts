import type { Texts } from './reason-texts.ts';

/**
 * Texts of the rules that a field can break: ours of the JSON profile, and protovalidate's. `{0}` is the first number or list of protovalidate's own
 * description, other names are the rule's parameters. A protovalidate rule is looked up with its type (`string.pattern`), then without (`gte`).
 */
export const ruleTexts: ReadonlyMap<string, Texts> = new Map(
  Object.entries({
    'json.syntax': { en: 'Not valid JSON.', ar: 'صيغة JSON غير صحيحة.' },
    'json.utf8': { en: 'Not valid UTF-8.', ar: 'ترميز UTF-8 غير صحيح.' },
    'json.depth': { en: 'Nested more than {max} levels deep.', ar: 'عدد مستويات التداخل يتجاوز {max}.' },
    'json.duplicate_key': { en: 'Given more than once.', ar: 'تم إرساله أكثر من مرة.' },
    'json.key': { en: 'This name is not allowed.', ar: 'هذا الاسم غير مسموح به.' },
    'json.surrogate': { en: 'Contains half of a Unicode surrogate pair.', ar: 'يحتوي على رمز Unicode غير مكتمل.' },
    'json.number_range': { en: 'The number is too large.', ar: 'الرقم كبير جدًا.' },
    unknown_field: { en: 'Unknown field.', ar: 'حقل غير معروف.' },
    unknown_parameter: { en: 'Unknown query parameter.', ar: 'معامل استعلام غير معروف.' },
    parameter_repeated: { en: 'Given more than once.', ar: 'تم إرساله أكثر من مرة.' },
    percent_encoding: { en: 'Not valid percent-encoding.', ar: 'ترميز الرابط غير صحيح.' },
    'type.string': { en: 'Must be a string.', ar: 'يجب أن يكون نصًا.' },
    'type.boolean': { en: 'Must be true or false.', ar: 'يجب أن يكون true أو false.' },
    'type.integer': { en: 'Must be an integer.', ar: 'يجب أن يكون عددًا صحيحًا.' },
    'type.number': { en: 'Must be a number.', ar: 'يجب أن يكون رقمًا.' },
    'type.bytes': { en: 'Must be a base64 string.', ar: 'يجب أن يكون نصًا بترميز base64.' },
    'type.object': { en: 'Must be an object.', ar: 'يجب أن يكون كائنًا.' },
    'type.array': { en: 'Must be an array.', ar: 'يجب أن يكون قائمة.' },
    'integer.range': { en: 'Must be between {min} and {max}.', ar: 'يجب أن يكون بين {min} و{max}.' },
    'enum.value': { en: 'Must be one of: {allowed}.', ar: 'يجب أن يكون إحدى القيم: {allowed}.' },
    oneof: { en: 'Only one field of "{name}" may be given.', ar: 'يُسمح بحقل واحد فقط من "{name}".' },
    timestamp: {
      en: 'Must be a time such as 2026-11-22T18:30:00Z.',
      ar: 'يجب أن يكون وقتًا بصيغة مثل 2026-11-22T18:30:00Z.',
    },
    duration: { en: 'Must be a duration in seconds such as 90s.', ar: 'يجب أن تكون مدة بالثواني مثل 90s.' },
    field_mask: { en: 'Must be field names separated by commas.', ar: 'يجب أن تكون أسماء حقول مفصولة بفواصل.' },
    'any.type': { en: 'Must have a known "@type".', ar: 'يجب أن يحتوي على "@type" معروف.' },

    'header.idempotency_key': {
      en: 'Must be 1 to 255 printable characters without spaces.',
      ar: 'يجب أن يتكون من 1 إلى 255 حرفًا قابلاً للطباعة دون مسافات.',
    },
    required: { en: 'This field is required.', ar: 'هذا الحقل مطلوب.' },
    'string.len': { en: 'Must be exactly {0} characters long.', ar: 'يجب أن يكون الطول {0} حرفًا بالضبط.' },
    'string.min_len': { en: 'Must be at least {0} characters long.', ar: 'يجب ألا يقل الطول عن {0} حرفًا.' },
    'string.max_len': { en: 'Must be at most {0} characters long.', ar: 'يجب ألا يزيد الطول على {0} حرفًا.' },
    min_bytes: { en: 'Must be at least {0} bytes long.', ar: 'يجب ألا يقل الحجم عن {0} بايت.' },
    max_bytes: { en: 'Must be at most {0} bytes long.', ar: 'يجب ألا يزيد الحجم على {0} بايت.' },
    'string.nul': { en: 'Must not contain the character U+0000.', ar: 'يجب ألا يحتوي على الرمز U+0000.' },
    'string.pattern': { en: 'Does not have the right format.', ar: 'الصيغة غير صحيحة.' },
    'string.email': { en: 'Must be a valid e-mail address.', ar: 'يجب أن يكون عنوان بريد إلكتروني صالحًا.' },
    'string.email_empty': { en: 'Must be a valid e-mail address.', ar: 'يجب أن يكون عنوان بريد إلكتروني صالحًا.' },
    'string.uri': { en: 'Must be a valid URL.', ar: 'يجب أن يكون رابطًا صالحًا.' },
    'string.uuid': { en: 'Must be a valid id (UUID).', ar: 'يجب أن يكون معرّفًا صالحًا (UUID).' },
    'string.uuid_empty': { en: 'Must be a valid id (UUID).', ar: 'يجب أن يكون معرّفًا صالحًا (UUID).' },
    'string.hostname': { en: 'Must be a valid host name.', ar: 'يجب أن يكون اسم مضيف صالحًا.' },
    'string.ip': { en: 'Must be a valid IP address.', ar: 'يجب أن يكون عنوان IP صالحًا.' },
    'repeated.min_items': { en: 'Must have at least {0} items.', ar: 'يجب ألا يقل عدد العناصر عن {0}.' },
    'repeated.max_items': { en: 'Must have at most {0} items.', ar: 'يجب ألا يزيد عدد العناصر على {0}.' },
    'repeated.unique': { en: 'Must not have repeated items.', ar: 'يجب ألا تتكرر العناصر.' },
    'map.min_pairs': { en: 'Must have at least {0} entries.', ar: 'يجب ألا يقل عدد العناصر عن {0}.' },
    'map.max_pairs': { en: 'Must have at most {0} entries.', ar: 'يجب ألا يزيد عدد العناصر على {0}.' },
    // These name numbers, which are nothing to a client.
    'enum.in': { en: 'Must be one of the allowed values.', ar: 'يجب أن تكون القيمة من القيم المسموح بها.' },
    'enum.not_in': { en: 'Must be one of the allowed values.', ar: 'يجب أن تكون القيمة من القيم المسموح بها.' },
    'enum.defined_only': { en: 'Must be one of the known values.', ar: 'يجب أن تكون القيمة من القيم المعروفة.' },
    'message.oneof': { en: 'Exactly one of these fields must be given.', ar: 'يجب إرسال حقل واحد فقط من هذه الحقول.' },
    'timestamp.gt_now': { en: 'Must be in the future.', ar: 'يجب أن يكون في المستقبل.' },
    'timestamp.lt_now': { en: 'Must be in the past.', ar: 'يجب أن يكون في الماضي.' },
    const: { en: 'Must be {0}.', ar: 'يجب أن تكون القيمة {0}.' },
    in: { en: 'Must be one of: {0}.', ar: 'يجب أن يكون إحدى القيم: {0}.' },
    not_in: { en: 'Must not be one of: {0}.', ar: 'يجب ألا يكون إحدى القيم: {0}.' },
    gt: { en: 'Must be greater than {0}.', ar: 'يجب أن يكون أكبر من {0}.' },
    gte: { en: 'Must be at least {0}.', ar: 'يجب ألا يقل عن {0}.' },
    lt: { en: 'Must be less than {0}.', ar: 'يجب أن يكون أقل من {0}.' },
    lte: { en: 'Must be at most {0}.', ar: 'يجب ألا يزيد على {0}.' },
    gt_lt: { en: 'Must be between {0} and {1}.', ar: 'يجب أن يكون بين {0} و{1}.' },
    gte_lt: { en: 'Must be between {0} and {1}.', ar: 'يجب أن يكون بين {0} و{1}.' },
    gt_lte: { en: 'Must be between {0} and {1}.', ar: 'يجب أن يكون بين {0} و{1}.' },
    gte_lte: { en: 'Must be between {0} and {1}.', ar: 'يجب أن يكون بين {0} و{1}.' },
  }),
);

/** For rules without a text of their own, such as CEL expressions in a language that has none. */
export const anyRuleText: Texts = { en: 'This value is not valid.', ar: 'القيمة غير صالحة.' };
