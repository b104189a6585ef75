// No link: a text that asks people to follow one teaches them to follow a thief's.
export const securityNotice =
  'موعد: {notice, select, ' +
  'session_compromised {أنهينا جلسة أحد أجهزتك لاحتمال سرقتها. سجّل الدخول من جديد وراجع أجهزتك في التطبيق.} ' +
  'phone_changed {تغيّر رقم حسابك إلى رقم ينتهي بـ {detail}. إن لم تكن أنت من غيّره فتواصل مع الدعم فورًا.} ' +
  'identity_linked {أُضيف الدخول عبر {detail} إلى حسابك. إن لم تكن أنت فأزله من التطبيق وسجّل الخروج من كل أجهزتك.} ' +
  'identity_unlinked {أُزيل الدخول عبر {detail} من حسابك. إن لم تكن أنت فسجّل الدخول برقمك وراجع أجهزتك.} ' +
  'other {حُذف حسابك وبياناتك الشخصية. إن لم تكن أنت من طلب ذلك فتواصل مع الدعم فورًا.}}';
