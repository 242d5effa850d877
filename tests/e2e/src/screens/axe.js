// Runs the judge of accessibility; calls back with what it saw and what is serious.
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations', 'passes'] }).then((result) => {
  const seen = new Set();
  for (const rule of [...result.passes, ...result.violations]) for (const node of rule.nodes) seen.add(node.target.join(' '));
  const findings = result.violations
    .filter((rule) => rule.impact === 'serious' || rule.impact === 'critical')
    .flatMap((rule) => rule.nodes.map((node) => `${rule.impact} ${rule.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`));
  done({ texts: seen.size, findings });
}, (error) => done({ texts: 0, findings: ['the judge failed: ' + error] }));
