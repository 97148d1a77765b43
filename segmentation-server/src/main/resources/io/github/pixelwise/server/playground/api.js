// Talks to the server. It waits where waiting helps: for a server that is away, for a place in its
// queue, and for a token.

const TOKEN = 'pixelwise.token';
const POLL_MILLIS = 1000;
const MOST_RETRIES = 3;

/** What the server refused, in its own words. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Api {
  /**
   * @param hooks what a person is told or asked: waiting(text), goingOn(), token(isWrong)
   */
  constructor(hooks) {
    this.hooks = hooks;
  }

  async models(signal) {
    const answer = await this.#persist(signal, () => this.#send('GET', '/v1/models', null, signal));
    return JSON.parse(await answer.body.text());
  }

  /**
   * Segments a photograph.
   *
   * @param {URLSearchParams} recipe sent as fields, because the names of many classes are too long
   *     for a query
   * @param {{photo: File, background?: File}} files
   * @param {(share: number) => void} sent is told how much of the photograph is sent, 0 to 1
   * @returns the answer: its body, its type, and the times
   */
  segment(recipe, files, signal, sent = () => {}) {
    return this.#persist(signal, () => {
      const form = new FormData();
      recipe.forEach((value, key) => form.set(key, value));
      form.set('photo', files.photo, files.photo.name);
      if (files.background) {
        form.set('background', files.background, files.background.name);
      }
      return this.#send('POST', '/v1/segment', form, signal, sent);
    });
  }

  async #persist(signal, request) {
    for (let failures = 0; ; ) {
      signal.throwIfAborted();
      let answer;
      try {
        answer = await request();
      } catch (error) {
        if (!(error instanceof TypeError) || ++failures > MOST_RETRIES) {
          throw error;
        }
        await this.#untilReady(signal);
        continue;
      }
      if (answer.status < 300) {
        this.hooks.goingOn();
        return answer;
      }
      const detail = await this.#detail(answer);
      if (answer.status === 401) {
        const isWrong = sessionStorage.getItem(TOKEN) !== null;
        sessionStorage.setItem(TOKEN, await this.hooks.token(isWrong));
      } else if (answer.retryAfter > 0 && (answer.status === 429 || ++failures <= MOST_RETRIES)) {
        await this.#wait(answer, signal);
      } else {
        throw new Problem(answer.status, detail);
      }
    }
  }

  async #wait({status, retryAfter}, signal) {
    const why = status === 429 ? 'The server is busy.' : 'The server cannot answer just now.';
    this.hooks.waiting(`${why} Trying again in ${retryAfter} s …`);
    await pause(retryAfter * 1000, signal);
    this.hooks.goingOn();
  }

  async #untilReady(signal) {
    this.hooks.waiting('The server does not answer. Trying again …');
    for (;;) {
      await pause(POLL_MILLIS, signal);
      try {
        const answer = await fetch('/health/ready', {signal, cache: 'no-store'});
        if (answer.ok) {
          this.hooks.goingOn();
          return;
        }
      } catch (error) {
        signal.throwIfAborted();
      }
    }
  }

  async #detail({status, body}) {
    try {
      const problem = JSON.parse(await body.text());
      return problem.detail || problem.title;
    } catch {
      return `The server answered with status ${status}.`;
    }
  }

  /** Sends a request by XMLHttpRequest, because fetch does not say how much has been sent. */
  #send(method, path, body, signal, sent = () => {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const started = performance.now();
      let uploaded = started;
      const abort = () => request.abort();
      request.open(method, path);
      request.responseType = 'blob';
      request.setRequestHeader('Accept', body ? 'multipart/form-data' : 'application/json');
      const token = sessionStorage.getItem(TOKEN);
      if (token) {
        request.setRequestHeader('Authorization', `Bearer ${token}`);
      }
      request.upload.onprogress = ({loaded, total}) => sent(loaded / total);
      request.upload.onload = () => {
        uploaded = performance.now();
        sent(1);
      };
      request.onload = () =>
        resolve({
          status: request.status,
          body: request.response,
          type: request.getResponseHeader('Content-Type') ?? '',
          retryAfter: Number(request.getResponseHeader('Retry-After')) || 0,
          serverTiming: request.getResponseHeader('Server-Timing') ?? '',
          milliseconds: {upload: uploaded - started, answer: performance.now() - started},
        });
      request.onerror = () => reject(new TypeError('The server does not answer.'));
      request.onabort = () => reject(signal.reason);
      request.onloadend = () => signal.removeEventListener('abort', abort);
      signal.addEventListener('abort', abort);
      request.send(body);
    });
  }
}

/** The parts of a multipart answer by their names. */
export async function parts({body, type}) {
  return new Response(body, {headers: {'Content-Type': type}}).formData();
}

function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, millis);
    signal.addEventListener('abort', abort, {once: true});
  });
}
