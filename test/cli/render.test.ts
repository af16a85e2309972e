import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXIT, exitCodeOf } from '../../lib/cli/exit-code.ts';
import { redacting, secretsIn } from '../../lib/cli/redaction.ts';
import { csvLine } from '../../lib/cli/render/csv.ts';
import { StreamedDocument } from '../../lib/cli/render/json-document.ts';
import { styleFor } from '../../lib/cli/render/style.ts';
import { renderTable } from '../../lib/cli/render/table.ts';
import { printable, textWidth, wrapped } from '../../lib/cli/render/text.ts';
import { recordedTerminal } from '../builders/terminal.ts';

describe('exit codes: if several apply 2, 1, 4, 5, 3', () => {
  test.each([
    [[], 0],
    [[false, undefined], 0],
    [[EXIT.findings], 3],
    [[EXIT.findings, EXIT.refused], 5],
    [[EXIT.findings, EXIT.refused, EXIT.incomplete], 4],
    [[EXIT.incomplete, EXIT.failed, EXIT.refused], 1],
    [[EXIT.failed, EXIT.usage, EXIT.findings], 2],
  ] as const)('%j is %i', (applying, expected) => {
    expect(exitCodeOf(...applying)).toBe(expected);
  });
});

describe('csv', () => {
  test.each([
    ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
    ['+1+1', `"'+1+1"`],
    ['-2+3', `"'-2+3"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['\uFF1D1+1', `"'\uFF1D1+1"`],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['plain', 'plain'],
    [undefined, ''],
    [null, ''],
    [12, '12'],
    [-12, '-12'],
  ])('%j becomes %s', (cell, expected) => {
    expect(csvLine([cell])).toBe(`${expected}\r\n`);
  });

  test('property: whatever the cells, a CSV reader gets one line of them back, none of which is a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 6 }), (cells) => {
        const line = csvLine(cells);
        const [read, ...more]: string[][] = parse(line, { record_delimiter: '\r\n' });
        expect(more).toEqual([]);
        expect(read?.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20])/, ''))).toEqual(
          cells,
        );
        expect(read?.some((cell) => /^[=+\-@]/.test(cell))).toBe(false);
      }),
    );
  });
});

describe('a streamed JSON document', () => {
  test.each([0, 1, 2, 5_000])('is valid with %i elements', async (count) => {
    const terminal = recordedTerminal();
    const document = new StreamedDocument(terminal.stdout, 'credentials');
    for (let i = 0; i < count; i++) await document.item({ i, text: `line\n"${i}"` });
    await document.close({ complete: true, absent: undefined });
    const parsed: unknown = JSON.parse(terminal.out());
    expect(parsed).toMatchObject({ schemaVersion: 1, complete: true });
    expect(parsed).toHaveProperty('credentials.length', count);
    expect(parsed).not.toHaveProperty('absent');
  });

  test('keeps only a chunk in memory: it writes while it grows', async () => {
    const terminal = recordedTerminal();
    const document = new StreamedDocument(terminal.stdout, 'credentials');
    for (let i = 0; i < 2_000; i++) await document.item({ text: 'x'.repeat(100) });
    expect(terminal.out().length).toBeGreaterThan(100_000);
  });

  test('that was not closed is no JSON: nobody takes half a result for a whole one', async () => {
    const terminal = recordedTerminal();
    const document = new StreamedDocument(terminal.stdout, 'credentials');
    for (let i = 0; i < 2_000; i++) await document.item({ text: 'x'.repeat(100) });
    expect(() => JSON.parse(terminal.out())).toThrow();
  });
});

describe('tables', () => {
  const id = 'arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAIOSFODNN7EXAMPLE';
  const options = {
    columns: [
      { title: 'NEXT STEP', size: 'fit' },
      { title: 'WHY', size: 'flex' },
    ],
    idTitle: 'CREDENTIAL',
    rows: [
      {
        id,
        cells: ['disable in 3 days', 'unused for 61 days, read from the credential report of 09:00 UTC'],
      },
      { id: 'short', cells: ['notify now', 'x'.repeat(70)] },
    ],
    title: (text: string) => text,
  } as const;

  test.each([60, 80, 100, 120, 160])('at %i columns no line is wider, and ids stay whole', (width) => {
    const lines = renderTable({ ...options, width }).split('\n');
    expect(lines.some((line) => line.includes(id))).toBe(true);
    const tooWide = lines.filter((line) => textWidth(line) > width);
    expect(tooWide.map((line) => line.trim()).filter((line) => line !== id)).toEqual([]);
  });

  test('where there is room the id is the last column', () => {
    const [head, first] = renderTable({ ...options, width: 160 }).split('\n');
    expect(head?.trimEnd().endsWith('CREDENTIAL')).toBe(true);
    expect(first?.trimEnd().endsWith(id)).toBe(true);
  });

  test('a name from AWS cannot move the cursor or colour the screen', () => {
    const text = renderTable({
      ...options,
      width: 100,
      rows: [{ id: 'a\u001b]0;owned\u0007b', cells: ['\u001b[31mred', 'x\u202eevil'] }],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(text).toContain('red');
  });
});

describe('prose', () => {
  test('property: wrapping changes nothing but white space, and only single words are wider', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,30}$/)),
        fc.integer({ min: 10, max: 60 }),
        (words, width) => {
          const lines = wrapped(words.join(' '), width).split('\n');
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
        },
      ),
    );
  });

  test('control characters are made visible, lines are joined', () => {
    expect(printable('a\nb\tc\u0000d')).toBe('a b c\uFFFDd');
  });
});

describe('colour', () => {
  test.each([
    ['a terminal', { isTTY: true }, {}, false, true],
    ['no terminal', { isTTY: false }, {}, false, false],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false, false],
    ['an empty NO_COLOR, which means nothing', { isTTY: true }, { NO_COLOR: '' }, false, true],
    ['--no-color', { isTTY: true }, {}, true, false],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false, false],
  ])('%s', (_name, output, env, noColor, coloured) => {
    expect(styleFor(output, env, noColor).red('x') !== 'x').toBe(coloured);
  });
});

describe('redaction', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

  test("the caller's own secret values are masked wherever they turn up", () => {
    const redact = redacting(
      secretsIn({ AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjE' }),
    );
    expect(redact(`it said ${secret} and IQoJb3JpZ2luX2VjE`)).toBe('it said [redacted] and [redacted]');
  });

  test('signed material that AWS quotes back is masked', () => {
    const redact = redacting([]);
    expect(redact('x-amz-security-token:FwoGZXIvYXdzE\nhost')).toBe('x-amz-security-token:[redacted]\nhost');
    expect(redact('?X-Amz-Signature=abcdef0123&x=1')).toBe('?X-Amz-Signature=[redacted]&x=1');
  });

  test('ordinary words survive: short values are not masked', () => {
    expect(redacting(secretsIn({ AWS_SECRET_ACCESS_KEY: 'test' }))('a test')).toBe('a test');
  });
});
