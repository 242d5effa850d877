// A person at a browser: follows redirects, keeps cookies, fills forms in.

/** A browser whose memory lasts as long as it does. */
export class Browser {
  #cookies = new Map();

  /** Opens an address and answers every form with `person` until a redirect leads to `home`; that address. */
  async walk(address, person, home) {
    let page = await this.#open(address, {}, home);
    for (let forms = 0; page.html !== undefined; forms += 1) {
      if (forms === 8) throw new Error('the pages lead nowhere');
      page = await this.#submit(page, person, home);
    }
    return new URL(page.address);
  }

  /** Answers every form with `person` until a page asks nothing more; its title. */
  async walkToTheEnd(address, person) {
    let page = await this.#open(address, {});
    for (let forms = 0; page.html.includes('<form'); forms += 1) {
      if (forms === 8) throw new Error('the pages lead nowhere');
      page = await this.#submit(page, person);
    }
    return page.html.match(/<title>([^<]*)/)[1];
  }

  async #submit(page, person, home) {
    const form = page.html.match(/<form method="post" action="([^"]+)">([\s\S]*?)<\/form>/);
    if (!form) throw new Error(`no form on ${new URL(page.address).pathname}`);
    const address = new URL(unescape(form[1]), page.address);
    const body = new URLSearchParams(fields(form[2], person));
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: address.origin };
    return this.#open(address.href, { method: 'POST', headers, body }, home);
  }

  async #open(address, init, home) {
    let request = init;
    for (let steps = 0; steps < 16; steps += 1) {
      const answer = await this.#fetch(address, request);
      if (answer.status !== 303 && answer.status !== 302) {
        return { address, html: await answer.text() };
      }
      address = new URL(answer.headers.get('location'), address).href;
      if (home !== undefined && address.startsWith(home)) return { address };
      request = {};
    }
    throw new Error('redirects without end');
  }

  async #fetch(address, init) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, cookie, 'accept-language': 'ru' };
    const answer = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}

/** What a filled form sends: its hidden fields, what the person types, and the button that they press. */
function* fields(form, person) {
  for (const [input] of form.matchAll(/<input [^>]*>/g)) {
    const { name, type, value = '' } = attributes(input);
    if (type === 'hidden') yield [name, value];
    else if (name in person) yield [name, person[name]];
  }
  for (const [button] of form.matchAll(/<button [^>]*>/g)) {
    const { name, value } = attributes(button);
    if (name !== undefined && person[name] === value) yield [name, value];
  }
}

function attributes(tag) {
  const all = [...tag.matchAll(/ ([a-z-]+)="([^"]*)"/g)];
  return Object.fromEntries(all.map(([, name, value]) => [name, unescape(value)]));
}

function unescape(text) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code, name) =>
    code ? String.fromCodePoint(Number(code)) : names[name],
  );
}
