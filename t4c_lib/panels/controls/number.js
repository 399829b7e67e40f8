// A number: typed, or set with a slider beside it; both always show the same.
controls.number = ({ model, el }) => {
  const typed = make('input', { type: 'number', inputmode: 'decimal', autocomplete: 'off' });
  const slider = make('input', { type: 'range' });
  const both = make('div', { class: 't4c-number' }, typed);
  const { id } = frame(model, el, both);
  slider.setAttribute('aria-labelledby', `${id}-label`);
  follow(model, ['lowest', 'highest', 'step', 'slider'], () => {
    const [lowest, highest] = [model.get('lowest'), model.get('highest')];
    for (const input of [typed, slider]) {
      input.step = model.get('step') || 'any';
      if (lowest === null) input.removeAttribute('min'); else input.min = lowest;
      if (highest === null) input.removeAttribute('max'); else input.max = highest;
    }
    if (model.get('slider')) both.prepend(slider); else slider.remove();
  });
  follow(model, ['value'], () => {
    const value = model.get('value');
    // What is being typed ("1." on the way to "1.5") is left alone as long as it means the same.
    if (value === null ? typed.value !== '' : typed.valueAsNumber !== value) typed.value = value ?? '';
    if (value !== null) slider.value = value;
  });
  const take = (input) => {
    const value = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : null;
    if (input === typed && value !== null) slider.value = value;
    if (input === slider) typed.value = slider.value;
    tell(model, 'value', value);
  };
  for (const input of [typed, slider]) input.addEventListener('input', () => take(input));
  // Turning the mouse's wheel is for moving the page, not for changing a number that happens to have the focus.
  typed.addEventListener('wheel', () => typed.blur(), { passive: true });
};
