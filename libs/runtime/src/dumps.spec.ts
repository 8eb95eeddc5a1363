import { describe, expect, it } from '@jest/globals';
import { diagnosticProblems } from './dumps.js';

const VALUE = '/canary/place';
const REFUSED = [
  '--inspect',
  `--inspect=${VALUE}`,
  '--inspect-brk',
  '--inspect-wait=0',
  '--inspect-port=1',
  '--inspect-publish-uid=http',
  '--debug-port=1',
  '--experimental-network-inspection',
  '--heapsnapshot-signal=SIGUSR2',
  '--heapsnapshot-near-heap-limit=1',
  '--heapsnapshot_signal=SIGUSR2',
  '--heap-prof',
  `--heap-prof-dir=${VALUE}`,
  '--cpu-prof',
  '--prof',
  '--perf-basic-prof',
  '--report-on-signal',
  '--report_on_signal',
  '--report-on-fatalerror',
  '--report-uncaught-exception',
  `--report-directory=${VALUE}`,
  `--diagnostic-dir=${VALUE}`,
  '--abort-on-uncaught-exception',
  '--abort_on_uncaught_exception',
  '--trace-warnings',
  '--trace-uncaught',
  '--trace-event-categories=node',
  '--trace_gc',
  `--tls-keylog=${VALUE}`,
  `--redirect-warnings=${VALUE}`,
  '--log-all',
  '--print-bytecode',
  `--experimental-config-file=${VALUE}`,
];

describe('the options of this Node (leak row 28)', () => {
  it.each(REFUSED)('may not hold %s, on the command line or in NODE_OPTIONS', (option) => {
    const name = option.split('=', 1)[0]!.replaceAll('_', '-');
    const sentence = (where: string): string =>
      `${where} ${name}, which can show memory that holds personal data (law L9); start without it.`;
    expect(diagnosticProblems(['--enable-source-maps', option], {})).toEqual([sentence('Node was started with')]);
    for (const NODE_OPTIONS of [option, `--enable-source-maps  ${option}`, `"${option}"`, `\t${option} --no-warnings`])
      expect(diagnosticProblems([], { NODE_OPTIONS })).toEqual([sentence('NODE_OPTIONS holds')]);
    expect(diagnosticProblems([option], { NODE_OPTIONS: option }).join()).not.toContain('canary');
  });

  it.each(['NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'NODE_REDIRECT_WARNINGS', 'NODE_V8_COVERAGE'])(
    'may not be added to by %s',
    (name) => {
      expect(diagnosticProblems([], { [name]: VALUE })).toEqual([expect.stringMatching(new RegExp(`^${name} is set`))]);
      expect(diagnosticProblems([], { [name]: '' })).toEqual([]);
    },
  );

  it('may hold what shows nothing', () => {
    const harmless = [
      '--enable-source-maps',
      '--disable-sigusr1',
      '--max-old-space-size=200',
      '--no-warnings',
      '--no-inspect',
    ];
    expect(diagnosticProblems(harmless, { NODE_OPTIONS: harmless.join(' '), NODE_ENV: 'production' })).toEqual([]);
    expect(diagnosticProblems([], {})).toEqual([]);
  });
});
