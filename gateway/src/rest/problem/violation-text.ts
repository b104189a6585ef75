import type { Language } from '../language.ts';
import { fillIn, reasonTexts } from './reason-texts.ts';
import type { Violation } from './refusal.ts';
import { anyRuleText, ruleTexts } from './rule-texts.ts';

const unfilled = /\{\w+\}/;
const lists = /\[([^\]]*)\]|-?\d+(?:\.\d+)?/g;

/**
 * What a person reads of a violation: the text of its reason or rule with its parameters; where that is impossible, whoever refused is quoted in English
 * and Arabic gets a general text.
 */
export function violationText(violation: Violation, language: Language): string {
  const { reason, description } = violation;
  const texts = reasonTexts(reason) ?? ruleTexts.get(reason) ?? ruleTexts.get(reason.slice(reason.indexOf('.') + 1));
  const text = texts && fillIn(texts[language], { ...numbersIn(description), ...violation.parameters });
  if (text !== undefined && !unfilled.test(text)) return text;
  if (language === 'en' && description !== undefined && description !== '') return toSentence(description);
  return anyRuleText[language];
}

/** protovalidate tells its limits only inside its English text: "must be in list [ar, en]", "at most 64 characters". */
function numbersIn(description: string | undefined): Record<string, string> {
  const found = [...(description ?? '').matchAll(lists)].map((match) => match[1] ?? match[0]);
  return Object.fromEntries(found.map((value, index) => [String(index), value]));
}

function toSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}
