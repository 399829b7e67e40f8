// Brings what stands on a page in step with what the kernel made anew, so that focus, scroll, and whatever is being typed stay.

// What somebody has typed or opened here is theirs until the kernel makes the element anew, under another id.
const isTyped = (node) => node.t4cTyped || (node.localName === 'details' && node.t4cOpened)
  || (node.type === 'radio' && [...(node.form?.elements[node.name] ?? [])].some((one) => one.t4cTyped));
const FIELDS = 'input, select, textarea';

// What an element is known by among its neighbours, so that a form, or what holds a field, stays the one that is typed in
// when others come or go before it.
function keysOf(nodes) {
  const times = {};
  return nodes.map((node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return '';
    let name = node.id || node.dataset.keep || node.dataset.form || node.getAttribute('aria-labelledby');
    const fields = name ? [] : node.matches(FIELDS) ? [node] : node.querySelectorAll(FIELDS);
    if (fields.length === 1) {
      const [{ id, name: called, type, defaultValue }] = fields;
      name = id || `${called} ${/^(radio|checkbox)$/.test(type) ? defaultValue : ''}`;
    }
    if (!name) return '';
    times[name] = (times[name] ?? 0) + 1;
    return `${node.localName} ${name} ${times[name]}`;
  });
}

function morph(now, next) {
  if (now.isEqualNode(next) && !now.querySelector?.(FIELDS)) return;
  for (const { name, value } of [...next.attributes]) {
    if (now.getAttribute(name) !== value && !(name === 'open' && isTyped(now))) now.setAttribute(name, value);
  }
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !(name === 'open' && isTyped(now)) && name !== 'aria-busy') now.removeAttribute(name);
  }
  if (now.dataset.keep) return;
  if (now.localName === 'input' && !isTyped(now)) {
    if (now.type === 'radio' || now.type === 'checkbox') now.checked = next.hasAttribute('checked');
    else now.value = next.getAttribute('value') ?? '';
  }
  if (now.localName === 'textarea') {
    if (!isTyped(now)) now.value = next.value;
    return;
  }
  const typedChoice = now.localName === 'select' && isTyped(now) ? now.value : null;
  morphChildren(now, next);
  if (typedChoice !== null) now.value = typedChoice;
}

// Which of the old stays as which of the new, both in their order and of one kind: as many as can.
function pairsOf(old, made) {
  const isSame = (i, j) => old[i].nodeName === made[j].nodeName;
  let alike = 0; // at the beginning: mostly all of them, and the rows of a long table
  while (alike < old.length && alike < made.length && isSame(alike, alike)) alike += 1;
  const pairs = made.slice(0, alike).map((one, at) => [one, old[at]]);
  const most = Array.from({ length: old.length + 1 }, () => []); // of those that follow, how many can stay
  const mostFrom = (i, j) => most[i][j] ?? 0;
  for (let i = old.length - 1; i >= alike; i -= 1) {
    for (let j = made.length - 1; j >= alike; j -= 1) {
      most[i][j] = isSame(i, j) ? mostFrom(i + 1, j + 1) + 1 : Math.max(mostFrom(i + 1, j), mostFrom(i, j + 1));
    }
  }
  for (let [i, j] = [alike, alike]; i < old.length && j < made.length;) {
    if (isSame(i, j)) {
      pairs.push([made[j], old[i]]);
      [i, j] = [i + 1, j + 1];
    } else if (mostFrom(i + 1, j) >= mostFrom(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

function morphChildren(now, next) {
  const [nodes, all] = [[...now.childNodes], [...next.childNodes]];
  const [keys, wantedKeys] = [keysOf(nodes), keysOf(all)];
  const named = new Map(nodes.map((node, at) => [keys[at], node]));
  named.delete('');
  const stays = new Map(pairsOf(nodes.filter((_, at) => !keys[at]), all.filter((_, at) => !wantedKeys[at])));
  for (const [at, wanted] of all.entries()) if (named.has(wantedKeys[at])) stays.set(wanted, named.get(wantedKeys[at]));
  const kept = new Set(stays.values());
  for (const node of nodes) if (!kept.has(node)) node.remove();
  let place = now.firstChild;
  for (const wanted of all) {
    const found = stays.get(wanted);
    if (!found) {
      now.insertBefore(wanted, place);
      continue;
    }
    if (found !== place && found.contains(document.activeElement)) { // what is moved loses the focus: the others are
      const between = [];
      for (let one = place; one !== found; one = one.nextSibling) between.push(one);
      found.after(...between);
      place = found;
    }
    if (found === place) place = place.nextSibling;
    else now.insertBefore(found, place);
    if (found.nodeType === Node.ELEMENT_NODE) morph(found, wanted);
    else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
  }
}

// The element as the kernel has made it now, to bring what stands in step with.
function parsedElement(model) {
  const template = document.createElement('template');
  template.innerHTML = model.get('element');
  return template.content.firstElementChild;
}

// The address names what is shown by these parts, and so does the link to save it; an empty part stands in neither.
function nameInAddress(parts) {
  const named = (url) => {
    for (const [name, value] of Object.entries(parts)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    return url;
  };
  const address = named(new URL(location.href));
  if (address.href !== location.href) history.replaceState(null, '', address);
  for (const link of document.querySelectorAll('.t4c-strip a[href]')) link.href = named(new URL(link.href));
}
