import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { memoize } from '../lib/memoize.js';

/** The proxy to reach a URL through; undefined: none. */
export type ProxyFor = (url: URL) => URL | undefined;

/** As the SDK's own agents have it. */
const POOL = { keepAlive: true, maxSockets: 50 };

/**
 * For the SDK, which knows no proxy variables. Which proxy, if any, is decided request by request: one client may speak
 * to several hosts, and `NO_PROXY` names some.
 */
export class ProxyAgent extends Agent {
  readonly #proxyFor: ProxyFor;
  readonly #directHttp = new HttpAgent(POOL);
  readonly #directHttps = new HttpsAgent(POOL);
  // Over a connection that it has already, this agent would forget to name the host (seen in 7.0.2).
  readonly #throughHttp: (proxy: string) => HttpAgent;
  readonly #throughHttps: (proxy: string) => HttpAgent;

  /** `signal` ends all connections, also to a proxy that does not answer. */
  constructor(proxyFor: ProxyFor, signal?: AbortSignal) {
    super(POOL);
    this.#proxyFor = proxyFor;
    const end = signal === undefined ? {} : { signal };
    this.#throughHttp = memoize((proxy: string) => new HttpProxyAgent(proxy, end));
    this.#throughHttps = memoize((proxy: string) => new HttpsProxyAgent(proxy, { ...POOL, ...end }));
  }

  /** The same ways, for as long as somebody waits for an answer: a request that is given up leaves its tunnel open. */
  until(signal: AbortSignal): ProxyAgent {
    return new ProxyAgent(this.#proxyFor, signal);
  }

  override connect(request: ClientRequest, { secureEndpoint }: AgentConnectOpts): Promise<HttpAgent> {
    const url = new URL(`${secureEndpoint ? 'https' : 'http'}://${String(request.getHeader('host'))}`);
    const proxy = this.#proxyFor(url)?.href;
    if (secureEndpoint) return Promise.resolve(proxy === undefined ? this.#directHttps : this.#throughHttps(proxy));
    return Promise.resolve(proxy === undefined ? this.#directHttp : this.#throughHttp(proxy));
  }
}
