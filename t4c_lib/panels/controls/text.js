// Words: one line, or several.
controls.text = ({ model, el }) => {
  const several = model.get('lines') > 1;
  const input = several ? make('textarea', { rows: model.get('lines') }) : make('input', { type: 'text' });
  input.autocomplete = 'off';
  frame(model, el, input);
  follow(model, ['longest'], () => { input.maxLength = model.get('longest'); });
  follow(model, ['value'], () => { if (input.value !== model.get('value')) input.value = model.get('value'); });
  input.addEventListener('input', () => tell(model, 'value', input.value));
};
