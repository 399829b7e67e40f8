// Brings what stands on a page in step with what the kernel made anew, so that focus, scroll, and whatever is being typed stay.

// What somebody has typed or opened here is theirs until the kernel makes the element anew, under another id.
const isTyped = (node) => node.t4cTyped || (node.localName === 'details' && node.t4cOpened)
  || (node.type === 'radio' && [...(node.form?.elements[node.name] ?? [])].some((one) => one.t4cTyped));
const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.keep || '' : '');

function morph(now, next) {
  if (now.isEqualNode(next) && !now.querySelector?.('input, select, textarea')) return;
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

function morphChildren(now, next) {
  const keyed = new Map([...now.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let place = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = keyOf(wanted);
    let found = key ? keyed.get(key) : null;
    if (!key && place && !keyOf(place) && place.nodeType === wanted.nodeType && place.localName === wanted.localName) found = place;
    if (!found) {
      now.insertBefore(wanted, place);
      continue;
    }
    if (found === place) place = place.nextSibling;
    else now.insertBefore(found, place);
    if (found.nodeType === Node.ELEMENT_NODE) morph(found, wanted);
    else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
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
