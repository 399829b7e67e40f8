// Words in one line.
controls.text = ({ model, el }) => stand(model, el, (follow) => {
  const input = el.querySelector('input');
  const take = () => tell(model, 'value', input.value);
  if (input.value !== input.defaultValue) take(); // it was typed before this program came
  frame(model, el, follow);
  follow(['value'], () => { if (input.value !== model.get('value')) input.value = model.get('value'); });
  input.addEventListener('input', take);
});
