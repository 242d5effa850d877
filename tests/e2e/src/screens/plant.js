// Plants one defect of each kind; they are found before anything else is believed.
const planted = document.createElement('div');
planted.id = 'planted';
const add = (tag, text, rules) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [property, value] of Object.entries(rules)) element.style.setProperty(property, value);
  planted.append(element);
  return element;
};
add('p', 'planted clipped words that do not fit', { width: '40px', height: '12px', overflow: 'hidden', 'white-space': 'nowrap' });
const above = add('p', 'planted words above', { position: 'absolute', top: '200px', left: '20px', margin: '0' });
const below = add('p', 'planted words below', { position: 'absolute', top: '202px', left: '20px', margin: '0' });
add('p', arguments[0], {});
add('p', 'planted faint words', { color: '#777777', 'background-color': '#888888' });
add('img', '', {}).src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
document.querySelector('main').append(planted);
