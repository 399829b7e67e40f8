// Organisations side by side: what is chosen is asked at once, and what stands on the page is brought in step with it.
controls.compare = ({ model, el }) => {
  const fields = () => [...el.querySelectorAll('#c-question select')];
  const ask = () => model.send({ asked: Object.fromEntries(fields().map((one) => [one.name, one.value])) });
  el.addEventListener('change', ({ target }) => {
    if (target.closest('#c-question')) ask();
  });
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
  model.on('change:element', () => {
    morph(el, Object.assign(parsedElement(model), { className: el.className }));
    const form = el.querySelector('#c-question');
    if (form) nameInAddress(Object.fromEntries(new URLSearchParams(form.dataset.address)));
  });
  if (!el.firstElementChild) fill(el, parsedElement(model));
  // What was chosen before the page came alive counts.
  if (fields().some((one) => !one.options[one.selectedIndex]?.defaultSelected)) ask();
};
