// Looks at the page that is shown and returns what is wrong with its texts. `arguments[0]`: the keys of messages.
const keys = new Set(arguments[0]);
const dialog = document.querySelector('dialog[open]');
const root = dialog ?? document.body;
const findings = [];

// Elements that only a screen reader reads are cut to a point on purpose.
const spokenOnly = (element) => {
  // What a closed fold holds is not there to be seen.
  if (!element.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true })) return true;
  for (let e = element; e && e !== document.documentElement; e = e.parentElement) {
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    if (style.display === 'none' || style.visibility !== 'visible' || style.opacity === '0') return true;
    if (e.tagName === 'svg' || e.tagName === 'OPTION') return true;
    if (style.overflow !== 'visible' && (box.width <= 2 || box.height <= 2)) return true;
    if (style.clipPath !== 'none' && box.width <= 2) return true;
    if (style.position === 'absolute' && (box.right < 0 || box.bottom < 0)) return true;
    if (e.closest('.skip-link') && !e.closest('.skip-link').matches(':focus')) return true;
  }
  return false;
};

const scrolls = (element) => {
  for (let e = element; e && e !== document.body; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (/auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth) return true;
  }
  return false;
};

const clippedBy = (element, box) => {
  for (let e = element; e && e !== document.body; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (!/hidden|clip/.test(style.overflowX + style.overflowY)) continue;
    const frame = e.getBoundingClientRect();
    const beyond = Math.max(box.right - frame.right, frame.left - box.left, box.bottom - frame.bottom - 3, frame.top - box.top - 3);
    if (beyond > 1) return e;
  }
  return null;
};

const name = (element) => {
  const id = element.closest('[data-testid]')?.dataset.testid;
  const own = element.tagName.toLowerCase() + [...element.classList].map((c) => '.' + c).join('');
  return id ? `${own} in ${id}` : own;
};

const texts = [];
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  const text = node.textContent.trim();
  const element = node.parentElement;
  if (!text || !element || spokenOnly(element)) continue;
  if (keys.has(text) || text.includes('{ $') || text.includes('{$')) findings.push(`raw message «${text}» in ${name(element)}`);
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {
    if (box.width < 1 || box.height < 1) continue;
    texts.push({ element, box, text });
    if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(element)) findings.push(`beyond the edge: «${text}» in ${name(element)}`);
    const frame = clippedBy(element, box);
    if (frame && !scrolls(element)) findings.push(`clipped: «${text}» in ${name(element)} by ${name(frame)}`);
  }
}

if (document.documentElement.scrollWidth > innerWidth + 1) findings.push(`the page is ${document.documentElement.scrollWidth} px wide, the window ${innerWidth}`);

for (const element of root.querySelectorAll('button, a, label, h1, h2, h3, [class*=tag]')) {
  if (spokenOnly(element) || getComputedStyle(element).overflowX === 'visible') continue;
  if (element.scrollWidth > element.clientWidth + 1) findings.push(`cut: «${element.innerText.trim()}» in ${name(element)}`);
}

// Lines of text may touch; they may not lie on each other.
const floats = (element) => {
  for (let e = element; e; e = e.parentElement) if (/fixed|sticky/.test(getComputedStyle(e).position)) return true;
  return false;
};
const lines = texts.filter((t) => !floats(t.element)).sort((a, b) => a.box.top - b.box.top);
for (let i = 0; i < lines.length; i++) {
  for (let j = i + 1; j < lines.length && lines[j].box.top < lines[i].box.bottom; j++) {
    const [a, b] = [lines[i], lines[j]];
    if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) continue;
    const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (width > 2 && height > 5) findings.push(`on each other: «${a.text}» in ${name(a.element)} and «${b.text}» in ${name(b.element)}`);
  }
}

return { texts: texts.length, findings: [...new Set(findings)] };
