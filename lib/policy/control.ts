/** How the identifiers of the standards in use are written. `Internal/...` is for an organisation's own catalogue. */
const CONTROLS: readonly { readonly like: string; readonly pattern: RegExp }[] = [
  { like: 'NHI7:2025', pattern: /^NHI([1-9]|10):2025$/ },
  { like: 'CIS-6.0/2.11', pattern: /^CIS-\d{1,2}\.\d{1,2}\/\d{1,2}\.\d{1,2}$/ },
  { like: 'SecurityHub/IAM.22', pattern: /^SecurityHub\/[A-Z][A-Za-z0-9]{1,30}\.\d{1,3}$/ },
  { like: 'CSF-2.0/PR.AA-05', pattern: /^CSF-2\.0\/(GV|ID|PR|DE|RS|RC)\.[A-Z]{2}(-\d{2})?$/ },
  { like: 'AI-RMF-1.0/GOVERN-1.3', pattern: /^AI-RMF-1\.0\/(GOVERN|MAP|MEASURE|MANAGE)-\d\.\d{1,2}$/ },
  { like: 'Internal/ABC-1', pattern: /^Internal\/[\w.:-]{1,64}$/ },
];

export const CONTROL_PATTERN = new RegExp(CONTROLS.map(({ pattern }) => `(${pattern.source})`).join('|'));

/** One example of each, for messages. */
export const CONTROL_EXAMPLES: readonly string[] = CONTROLS.map(({ like }) => like);
