// One of a few, all in sight. One stop of the Tab key; arrows move within, as the browser does it.
controls.radio = ({ model, el }) => stand(model, el, (follow) => {
  const inputs = [...el.querySelectorAll('input')];
  const place = (of) => inputs.findIndex(of);
  const [given, now] = [place((one) => one.defaultChecked), place((one) => one.checked)];
  if (now !== given) tell(model, 'index', now); // it was chosen before this program came
  frame(model, el, follow);
  follow(['index'], () => inputs.forEach((input, at) => { input.checked = at === model.get('index'); }));
  for (const input of inputs) input.addEventListener('change', () => tell(model, 'index', Number(input.value)));
});
