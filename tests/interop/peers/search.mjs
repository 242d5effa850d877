// Search as npm has it: `node search.mjs minisearch|flexsearch`. Documents and queries hold stems already.
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import FlexSearch from 'flexsearch';
import MiniSearch from 'minisearch';
import { follow } from '../judges/lines.mjs';

const FOUND = 20;
const words = (text) => text.split(' ').filter(Boolean);

const engines = {
  minisearch() {
    const index = new MiniSearch({
      fields: ['title', 'keywords', 'body'],
      storeFields: ['name', 'agency'],
      tokenize: words,
      processTerm: (term) => term,
    });
    const options = {
      combineWith: 'AND',
      prefix: (_, place, terms) => place === terms.length - 1,
      boost: { title: 10, keywords: 5 },
    };
    return {
      add: (document) => index.add(document),
      search: (stems) => index.search(stems, options).slice(0, FOUND),
    };
  },
  flexsearch() {
    const field = (name) => ({ field: name, tokenize: 'forward', encode: words });
    const index = new FlexSearch.Document({
      document: {
        id: 'id',
        index: ['title', 'keywords', 'body'].map(field),
        store: ['name', 'agency'],
      },
    });
    const options = { limit: FOUND, enrich: true, merge: true };
    return {
      add: (document) => index.add(document),
      search: (stems) => index.search(stems, options),
    };
  },
};

const name = process.argv[2];
const { version } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(name).replace(/(node_modules\/[^/]+)\/.*/, '$1/package.json')));
let engine;

follow({
  async load({ documents }) {
    engine = engines[name]();
    for await (const line of createInterface({ input: createReadStream(documents) })) {
      engine.add(JSON.parse(line));
    }
    return `${name} ${version} on Node ${process.version}`;
  },
  search({ queries }) {
    return queries.map((stems) => {
      const begun = process.hrtime.bigint();
      const found = engine.search(stems.join(' '));
      return { us: Number(process.hrtime.bigint() - begun) / 1000, found: found.length };
    });
  },
});
