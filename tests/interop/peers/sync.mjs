// Replication between two PouchDBs in memory: no network, no cipher, no index. It counts its own processor time.
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';
import replication from 'pouchdb-replication';
import { follow } from '../judges/lines.mjs';

PouchDB.plugin(memory).plugin(replication);
const { version } = JSON.parse(readFileSync('node_modules/pouchdb-core/package.json'));
const BATCH = 500;
let source;
let target;

/** Puts documents into the source, new or changed. */
async function put(documents) {
  for (let at = 0; at < documents.length; at += BATCH) {
    await source.bulkDocs(documents.slice(at, at + BATCH));
  }
}

/** What a replication costs. */
async function replicate() {
  const begun = process.cpuUsage();
  const { docs_written: written } = await source.replicate.to(target, { batch_size: BATCH });
  const { user, system } = process.cpuUsage(begun);
  return { written, cpu_s: (user + system) / 1e6, rss_mib: process.memoryUsage.rss() / 2 ** 20 };
}

follow({
  async load({ documents }) {
    source = new PouchDB('source', { adapter: 'memory' });
    target = new PouchDB('target', { adapter: 'memory' });
    let page = [];
    for await (const line of createInterface({ input: createReadStream(documents) })) {
      const document = JSON.parse(line);
      page.push({ _id: document.id, ...document });
      if (page.length === BATCH) {
        await put(page);
        page = [];
      }
    }
    await put(page);
    return `PouchDB ${version} on Node ${process.version}`;
  },
  replicate,
  /** The first documents get another title. */
  async change({ count }) {
    const { rows } = await source.allDocs({ include_docs: true, limit: count });
    await put(rows.map(({ doc }) => ({ ...doc, title: `${doc.title}.` })));
    return rows.length;
  },
});
