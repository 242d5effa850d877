// One JSON object a line in both directions, and a clock that stands.
import { createInterface } from 'node:readline';

/** Writes one line. */
export function say(object) {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

/** Carries commands out, one after another, until standard input ends; then ends the process. */
export async function follow(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { command, ...given } = JSON.parse(line);
    try {
      say({ done: await commands[command](given) });
    } catch (error) {
      say({ failed: describe(error) });
    }
  }
  process.exit(0);
}

/** Stops the clock of this process at an instant, in milliseconds of the epoch. */
export function stopClock(now) {
  let shown = now;
  Date.now = () => shown;
  return {
    advance(seconds) {
      shown += seconds * 1000;
    },
  };
}

function describe(error) {
  const causes = [];
  for (let at = error; at; at = at.cause) {
    causes.push([at.code, at.error, at.error_description, at.message].filter(Boolean).join(': '));
  }
  return causes.join(' <- ');
}
