import { describe, expect, it } from '@jest/globals';
import { readConfiguration, redactConfiguration, type Configuration } from './configuration.js';

function configured(variables: Record<string, string>): Configuration {
  const outcome = readConfiguration(variables, '/srv');
  if (!outcome.ok) throw new Error(outcome.mistakes.join('\n'));
  return outcome.configuration;
}

function mistakes(variables: Record<string, string>): readonly string[] {
  const outcome = readConfiguration(variables, '/srv');
  return outcome.ok ? [] : outcome.mistakes;
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(configured({})).toEqual({
      requestLimit: 500,
      sendLimitSeconds: 60,
      limits: {
        of: 'others',
        readsPerMinute: 1_200,
        writesPerMinute: 600,
        exportMegabytesPerHour: 4_096,
        signInsPerMinute: 120,
        costlyReadsAtOnce: 4,
      },
      replayLimitMs: 30_000,
      clockLimitMinutes: 60,
      selfCheckPauseMs: 5_000,
      port: 3000,
      host: '127.0.0.1',
      dataFolder: '/srv/.data',
      spoolFolder: '/srv/.data/spool',
      spoolLimitBytes: 2_147_483_648,
      auditKey: { file: '/srv/.data/audit.key', isNamed: false, noteFile: '/srv/.data/audit.key.checkpoint' },
      seedsFolder: '/srv/seeds',
      timeZone: 'Europe/London',
      projections: true,
      sequencer: true,
      corsOrigins: [],
      apiKeys: [],
      reads: 'open',
      trustProxy: [],
      streamLimit: 5000,
      logLevel: 'info',
      accessLog: false,
    });
  });

  it('takes every variable', () => {
    const given = {
      PORT: '0',
      ADMIN_PORT: '9464',
      HOST: '::1',
      DATABASE_URL: 'postgres://db/timeline',
      DATABASE_OWNER_URL: 'postgres://owner@db/timeline',
      KURRENTDB_URL: 'kurrentdb://one:2113,two:2113?tls=true',
      DATA_DIR: '/var/data',
      SPOOL_DIR: 'spooled',
      SPOOL_LIMIT_MB: '3',
      AUDIT_KEY_FILE: 'keys/audit',
      AUDIT_NOTE_FILE: 'state/checkpoint',
      SEEDS: 'more',
      TIME_ZONE: 'Pacific/Auckland',
      PROJECTIONS: 'off',
      SEQUENCER: 'off',
      CORS_ORIGINS: 'https://a.example, http://localhost:8080',
      PUBLIC_URL: 'https://policies.example/',
      API_KEYS: `Ada's laptop:operator:${'0a'.repeat(32)}, feed:reader:${'0B'.repeat(32)}`,
      OIDC_ISSUER: 'https://login.example/realms/policies',
      OIDC_AUDIENCE: 'policy-timeline',
      OIDC_ROLE_CLAIM: 'realm_access.roles',
      OIDC_ROLE_MAP: 'desk:recorder, urn:team:ops:operator',
      OIDC_CLIENT_ID: 'policy page',
      OIDC_CLIENT_SECRET: 'hunter2',
      OIDC_SCOPE: 'openid groups',
      READS: 'keys',
      TRUST_PROXY: 'loopback, 10.1.0.0/16,fd00::1',
      PUBLISHER: 'Harbour Institute',
      LICENCE: 'CC-BY-4.0',
      STREAMS: '900',
      STREAMS_PER_CLIENT: '3',
      REQUESTS: '40',
      SEND_LIMIT_SECONDS: '7',
      LIMITS: 'everybody',
      READS_PER_MINUTE: '10',
      WRITES_PER_MINUTE: '20',
      EXPORT_MB_PER_HOUR: '30',
      SIGN_INS_PER_MINUTE: '40',
      COSTLY_READS: '2',
      LOG_LEVEL: 'debug',
      ACCESS_LOG: 'on',
      REPLAY_LIMIT_MS: '2500',
      CLOCK_LIMIT_MINUTES: '5',
      SELF_CHECK_PAUSE_MS: '60000',
      HOME: '/root',
    };
    expect(configured(given)).toEqual({
      requestLimit: 40,
      sendLimitSeconds: 7,
      limits: {
        of: 'everybody',
        readsPerMinute: 10,
        writesPerMinute: 20,
        exportMegabytesPerHour: 30,
        signInsPerMinute: 40,
        costlyReadsAtOnce: 2,
      },
      replayLimitMs: 2_500,
      clockLimitMinutes: 5,
      selfCheckPauseMs: 60_000,
      port: 0,
      adminPort: 9464,
      host: '::1',
      databaseUrl: 'postgres://db/timeline',
      databaseOwnerUrl: 'postgres://owner@db/timeline',
      kurrentUrl: 'kurrentdb://one:2113,two:2113?tls=true',
      dataFolder: '/var/data',
      spoolFolder: '/srv/spooled',
      spoolLimitBytes: 3_145_728,
      auditKey: { file: '/srv/keys/audit', isNamed: true, noteFile: '/srv/state/checkpoint' },
      seedsFolder: '/srv/more',
      timeZone: 'Pacific/Auckland',
      projections: false,
      sequencer: false,
      corsOrigins: ['https://a.example', 'http://localhost:8080'],
      publicUrl: 'https://policies.example',
      apiKeys: [
        { name: "Ada's laptop", role: 'operator', sha256: '0a'.repeat(32) },
        { name: 'feed', role: 'reader', sha256: '0b'.repeat(32) },
      ],
      oidc: {
        issuer: 'https://login.example/realms/policies',
        audience: 'policy-timeline',
        roleClaim: 'realm_access.roles',
        roleMap: new Map([
          ['desk', 'recorder'],
          ['urn:team:ops', 'operator'],
        ]),
        client: { id: 'policy page', secret: 'hunter2', scope: 'openid groups' },
      },
      reads: 'keys',
      trustProxy: ['loopback', '10.1.0.0/16', 'fd00::1'],
      publisher: 'Harbour Institute',
      licence: 'CC-BY-4.0',
      streamLimit: 900,
      clientStreamLimit: 3,
      logLevel: 'debug',
      accessLog: true,
    });
  });

  it('loads no seeds when SEEDS is empty, and takes any other empty variable as absent', () => {
    expect(configured({ SEEDS: '', PORT: '', DATA_DIR: '' })).toEqual(
      expect.not.objectContaining({ seedsFolder: expect.anything() }),
    );
    expect(configured({ PORT: '' }).port).toBe(3000);
  });

  it('lists every mistake at once and shows no secret', () => {
    const given = {
      PORT: '70000',
      HOST: 'two words',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      KURRENTDB_URL: 'http://admin:hunter2@db:2113',
      SEQUENCER: 'maybe',
      TIME_ZONE: 'Mars/Olympus',
      CORS_ORIGINS: 'https://a.example/path',
      SQL_PORT: '70000',
      STREAMS: '0',
      LOG_LEVEL: 'loud',
    };
    expect(mistakes(given)).toEqual([
      'PORT must be at most 65535; it is "70000".',
      'HOST must be a host name or an address; it is "two words".',
      'DATABASE_URL must be a URL like postgresql://user:password@host:5432/database.',
      'KURRENTDB_URL must be a connection string like kurrentdb://user:password@host:2113?tls=true.',
      'SQL_PORT must be at most 65535; it is "70000".',
      'TIME_ZONE must be an IANA time zone like Europe/London; it is "Mars/Olympus".',
      'SEQUENCER must be on or off; it is "maybe".',
      'CORS_ORIGINS must be origins like https://example.org, separated by commas, or *; it is "https://a.example/path".',
      'STREAMS must be a whole number from 1 to 999999; it is "0".',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; it is "loud".',
    ]);
  });

  it('takes no port twice, unless the system picks both', () => {
    expect(mistakes({ PORT: '4000', ADMIN_PORT: '4000' })).toEqual([
      'ADMIN_PORT must be another port than PORT; it is "4000".',
    ]);
    expect(mistakes({ PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });

  it('shows no value that may hold a secret, whatever the variable', () => {
    const given = { CORS_ORIGINS: 'https://user:hunter2@a.example/', PUBLIC_URL: 'https://user:hunter2@a.example' };
    expect(mistakes(given).join()).not.toContain('hunter2');
    expect(mistakes({ LOG_LEVEL: 'x'.repeat(1_000) }).join().length).toBeLessThan(200);
  });

  it.each(['*', 'policies.example', 'https://policies.example/timeline', 'ftp://policies.example'])(
    'does not take %s for the origin of the service',
    (url) => {
      expect(mistakes({ PUBLIC_URL: url })).toEqual([
        `PUBLIC_URL must be an origin like https://example.org; it is "${url}".`,
      ]);
    },
  );

  const hash = 'ab'.repeat(32);

  it.each([
    'feed',
    'feed:reader',
    `feed:reader:${hash}0`,
    `feed:reader:${hash.slice(1)}`,
    `feed:reader:${'g'.repeat(64)}`,
    `feed:owner:${hash}`,
    `feed:Reader:${hash}`,
    `:reader:${hash}`,
    `feed:reader:${hash},`,
    `feed:reader:ptl_0123456789_${'0'.repeat(49)}`,
  ])('does not take %s for the hash of a key, and does not repeat it', (text) => {
    const [mistake = '', ...others] = mistakes({ API_KEYS: text });
    expect([mistake, others]).toEqual([expect.stringMatching(/^API_KEYS must be name:role:sha256/), []]);
    expect(mistake).not.toContain(text);
  });

  it('does not take one key twice', () => {
    expect(mistakes({ API_KEYS: `a:reader:${hash},b:operator:${hash}` })).toEqual([
      'API_KEYS must name each key once.',
    ]);
    expect(mistakes({ READS: 'some' })).toEqual(['READS must be open or keys; it is "some".']);
  });

  const PROVIDER = { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'policies' };

  it('takes the roles that an identity provider names itself, unless it is told otherwise', () => {
    expect(configured(PROVIDER).oidc).toEqual({
      issuer: 'https://login.example',
      audience: 'policies',
      roleClaim: 'roles',
    });
    expect(configured({}).oidc).toBeUndefined();
    expect(configured({ ...PROVIDER, OIDC_ISSUER: 'http://127.0.0.1:8080/' }).oidc?.issuer).toBe(
      'http://127.0.0.1:8080/',
    );
  });

  it.each([
    ['OIDC_ISSUER', 'login.example', 'must be the address of an identity provider'],
    ['OIDC_ISSUER', 'http://login.example', 'must be the address of an identity provider'],
    ['OIDC_ISSUER', 'https://login.example?realm=x', 'must be the address of an identity provider'],
    ['OIDC_ISSUER', 'https://login.example#x', 'must be the address of an identity provider'],
    ['OIDC_AUDIENCE', 'a b', 'must be what tokens name as their audience'],
    ['OIDC_ROLE_CLAIM', 'my roles', 'must be the name of a claim'],
    ['OIDC_SCOPE', 'groups', 'must be scopes separated by blanks, with openid among them'],
    ['OIDC_SCOPE', 'openid  groups', 'must be scopes separated by blanks'],
    ['OIDC_ROLE_MAP', 'desk', 'must be value:role for each value'],
    ['OIDC_ROLE_MAP', 'desk:owner', 'must be value:role for each value'],
    ['OIDC_ROLE_MAP', 'recorder:desk', 'must be value:role for each value'],
    ['OIDC_ROLE_MAP', 'desk:reader,', 'must be value:role for each value'],
    ['OIDC_ROLE_MAP', ':reader', 'must be value:role for each value'],
    ['OIDC_ROLE_MAP', 'a:reader,a:operator', 'must name each value of the claim once'],
  ])('does not take %s=%s', (name, value, mistake) => {
    const given = { ...PROVIDER, OIDC_CLIENT_ID: 'page', [name]: value };
    const [sentence = '', ...others] = mistakes(given);
    expect([sentence.startsWith(`${name} ${mistake}`), others]).toEqual([true, []]);
    expect(sentence).toContain(`; it is "${value}".`);
  });

  it('lets people sign in only where their browsers can keep a session', () => {
    const page = { ...PROVIDER, OIDC_CLIENT_ID: 'page' };
    for (const given of [{}, { HOST: 'localhost' }, { HOST: '::1' }, { PUBLIC_URL: 'http://localhost:8080' }])
      expect(mistakes({ ...page, ...given })).toEqual([]);
    expect(mistakes({ ...page, HOST: '0.0.0.0', PUBLIC_URL: 'https://policies.example' })).toEqual([]);
    expect(mistakes({ ...page, HOST: '0.0.0.0' })).toEqual([
      'OIDC_CLIENT_ID needs PUBLIC_URL, below which the provider sends browsers back; it is "page".',
    ]);
    expect(mistakes({ ...page, PUBLIC_URL: 'http://policies.example' })).toEqual([
      'PUBLIC_URL must begin with https for people to sign in (OIDC_CLIENT_ID), since browsers keep no session without it; it is "http://policies.example".',
    ]);
  });

  it('shows no secret of the client, neither in a mistake nor when it is printed', () => {
    const [mistake = ''] = mistakes({ ...PROVIDER, OIDC_CLIENT_SECRET: 'hunter2' });
    expect(mistake).toBe('OIDC_CLIENT_SECRET is that of OIDC_CLIENT_ID, which is not set.');
    const settings = configured({ ...PROVIDER, OIDC_CLIENT_ID: 'page', OIDC_CLIENT_SECRET: 'hunter2' });
    expect(JSON.stringify(redactConfiguration(settings))).not.toContain('hunter2');
  });

  it.each([
    [{ OIDC_ISSUER: 'https://login.example' }, 'OIDC_ISSUER needs OIDC_AUDIENCE'],
    [{ OIDC_AUDIENCE: 'policies' }, 'OIDC_AUDIENCE is that of tokens of OIDC_ISSUER, which is not set'],
    [{ OIDC_CLIENT_ID: 'x' }, 'OIDC_CLIENT_ID is known to OIDC_ISSUER, which is not set'],
    [{ ...PROVIDER, OIDC_SCOPE: 'openid' }, 'OIDC_SCOPE is what OIDC_CLIENT_ID asks for, which is not set'],
    [{ OIDC_ROLE_MAP: 'desk:reader' }, 'OIDC_ROLE_MAP is about tokens of OIDC_ISSUER, which is not set'],
  ])('does not take %j alone', (given, mistake) => {
    const [sentence = '', ...others] = mistakes(given);
    expect([sentence.startsWith(mistake), others]).toEqual([true, []]);
    expect(sentence).toContain(`; it is "${Object.values(given).at(-1)}".`);
  });

  it.each(['*', 'true', '1', 'proxy.example', '10.0.0.0/33', '10.0.0.0/0', '::1/129', 'loopback,', '10.0.0.0/8/8'])(
    'does not take %s for proxies that can be trusted',
    (text) => {
      expect(mistakes({ TRUST_PROXY: text })).toEqual([
        `TRUST_PROXY must be addresses or networks like 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas; it is "${text}".`,
      ]);
    },
  );

  it('is printed without the password of the database', () => {
    const configuration = configured({
      DATABASE_URL: 'postgresql://app:hunter2@db/x?password=hunter2&sslmode=require',
    });
    const printed = JSON.stringify(redactConfiguration(configuration));
    expect(printed).not.toContain('hunter2');
    expect(printed).toContain('app:redacted@db');
  });

  it.each([
    'kurrentdb://one:2113',
    'kurrentdb://one:2113/?tls=false',
    'kurrentdb+discover://cluster.example:2113?tls=true&tlsCAFile=/etc/ca.crt',
    'esdb://admin:change%40it@one:2111,two:2112,three:2113?nodePreference=leader',
  ])('takes %s', (url) => {
    expect(configured({ KURRENTDB_URL: url }).kurrentUrl).toBe(url);
  });

  it.each(['kurrentdb://', 'kurrentdb://one:port', 'kurrentdb://one?tls', 'kurrentdb://one,', 'one:2113'])(
    'refuses %s',
    (url) => {
      expect(mistakes({ KURRENTDB_URL: url })).toHaveLength(1);
    },
  );

  it('is printed without the password of KurrentDB', () => {
    const url = 'kurrentdb://admin:hunter2@one:2113,two:2113?tls=true&tlsCAFile=hunter2';
    const printed = JSON.stringify(redactConfiguration(configured({ KURRENTDB_URL: url })));
    expect(printed).not.toContain('hunter2');
    expect(printed).toContain('admin:redacted@one:2113,two:2113');
  });

  it('opens a port for readers by SQL on the embedded server alone', () => {
    expect(configured({ SQL_PORT: '5433' }).sqlPort).toBe(5433);
    expect(configured({ SQL_PORT: '0' }).sqlPort).toBe(0);
    expect(mistakes({ SQL_PORT: '5433', DATABASE_URL: 'postgres://db/timeline' })).toEqual([
      'SQL_PORT opens the embedded server, which DATABASE_URL replaces: your own server has its own port; it is "5433".',
    ]);
  });
});
