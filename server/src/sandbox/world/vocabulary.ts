import type { Random } from '../random.ts'

const subjects = [
  'The billing service',
  'Every release candidate',
  'The on-call engineer',
  'A customer in the pilot',
  'The nightly import',
  'Our security review',
  'The design team',
  'Each regional warehouse',
  'The search index',
  'A new colleague',
  'The quarterly plan',
  'The support desk',
]
const actions = [
  'checks',
  'replaces',
  'keeps a record of',
  'depends on',
  'reports',
  'must not change',
  'is measured against',
  'hands over',
  'documents',
  'prepares',
]
const objects = [
  'the audit trail of the last thirty days',
  'two independent backups',
  'the shared glossary of product names',
  'every open incident above severity three',
  'the contract with the payment provider',
  'a written decision and the reasons behind it',
  'the access list of the production cluster',
  'the estimate that was agreed in planning',
  'all invoices that are older than a week',
  'the checklist for a quiet launch',
]
const endings = [
  'before anybody is paged.',
  'as soon as the first region reports back.',
  'so that nothing has to be explained twice.',
  'unless the owner of the page has said otherwise.',
  'at the end of each sprint.',
  'and links the result here.',
  'within one working day.',
  'without waiting for the weekly meeting.',
]

const english = subjects.flatMap((subject, s) =>
  actions.map((action, a) => {
    const object = objects[(s * 3 + a * 7) % objects.length]
    return `${subject} ${action} ${object} ${endings[(s + a * 5) % endings.length]}`
  }),
)

const korean = [
  '배포 전에 담당자가 변경 내용을 다시 확인합니다.',
  '이 문서는 매월 첫째 주 월요일에 갱신됩니다.',
  '장애가 발생하면 먼저 상태 페이지를 확인해 주세요.',
  '접근 권한은 팀장의 승인을 받은 뒤에 부여됩니다.',
  '자세한 절차는 아래 표와 예제를 참고하시기 바랍니다.',
]
const japanese = [
  'リリースの前に担当者が変更内容をもう一度確認します。',
  'この資料は毎月第一月曜日に更新されます。',
  '障害が起きたときは、まず状況ページを見てください。',
  'アクセス権は承認のあとで付与されます。',
  '詳しい手順は下の表と例を参照してください。',
]
const arabic = [
  'يراجع المسؤول التغييرات مرة أخرى قبل كل إصدار.',
  'تُحدَّث هذه الصفحة في أول يوم اثنين من كل شهر.',
  'عند حدوث عطل، راجعوا صفحة الحالة أولاً.',
  'تُمنح صلاحيات الوصول بعد موافقة المدير.',
]
const hebrew = [
  'האחראי בודק שוב את השינויים לפני כל גרסה.',
  'המסמך הזה מתעדכן ביום שני הראשון של כל חודש.',
  'במקרה של תקלה יש לבדוק קודם את דף המצב.',
  'הרשאות גישה ניתנות לאחר אישור המנהל.',
]

/** Sentences by language; all but Arabic and Hebrew run from left to right. */
export const sentences = { english, korean, japanese, arabic, hebrew } as const

const topics = [
  'Payments',
  'Onboarding',
  'Search',
  'Warehouse',
  'Mobile app',
  'Identity',
  'Data platform',
  'Support',
  'Billing & tax',
  'Café Zürich',
]
const kinds = [
  'runbook',
  'decision record',
  'meeting notes',
  'how-to',
  'retrospective',
  'roadmap',
  'FAQ',
  'architecture',
  'release notes',
  'post-mortem',
]
const titled: readonly ((random: Random) => string)[] = [
  (random) =>
    `${random.pick(['결제', '검색', '데이터 플랫폼', '고객 지원'])} ${random.pick(['운영 안내서', '회의록', '자주 묻는 질문'])}`,
  (random) => `${random.pick(['決済', '検索', '在庫', 'サポート'])}${random.pick(['の手順書', 'の議事録', 'の設計'])}`,
  (random) => `${random.pick(['دليل', 'ملاحظات', 'خطة'])} ${random.pick(['المدفوعات', 'البحث', 'الدعم'])}`,
  (random) => `${random.pick(['מדריך', 'סיכום', 'תוכנית'])} ${random.pick(['תשלומים', 'חיפוש', 'תמיכה'])}`,
  (random) => `${random.pick(['🚀', '🧭', '✅', '🇰🇷'])} ${random.pick(topics)} ${random.pick(kinds)}`,
  // A zero-width space: real titles carry it after a paste, and links to them must carry it as well.
  (random) => `${random.pick(topics)}\u200b ${random.pick(kinds)}`,
  (random) => `Größe <XL> & "Straße": ${random.pick(kinds)}`,
]

/** A title for the page at `index` of a space: mostly Latin, every third of another script or with characters that break careless code. */
export function titleFor(index: number, random: Random): string {
  const special = index % 3 === 2 ? titled[Math.floor(index / 3) % titled.length] : undefined
  return special ? special(random) : `${random.pick(topics)} ${random.pick(kinds)}`
}
