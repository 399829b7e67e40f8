// A number: typed, or set with a slider beside it; both always show the same.
controls.number = ({ model, el }) => stand(model, el, (follow) => {
  const [typed, slider] = [el.querySelector('[type=number]'), el.querySelector('[type=range]')];
  const inputs = [typed, slider].filter(Boolean);
  let comma = 'comma' in typed.dataset; // one that was typed before this program came
  const take = (input) => {
    const value = Number.isFinite(input.valueAsNumber) && !comma ? input.valueAsNumber : null;
    model.set('comma', comma);
    if (input === typed && slider && value !== null) slider.value = value;
    if (input === slider) typed.value = slider.value;
    tell(model, 'value', value);
  };
  // Where the browser puts a slider by itself: at a step, or in the middle where there is no number.
  const untouched = (input) => {
    const same = input.cloneNode();
    same.value = input.defaultValue;
    return same.value;
  };
  if (comma || typed.value !== typed.defaultValue) take(typed); // it was typed before this program came
  else if (slider && slider.value !== untouched(slider)) take(slider);
  else if (slider && model.get('value') === null) slider.value = '';
  frame(model, el, follow);
  follow(['lowest', 'highest', 'step'], () => {
    const [lowest, highest] = [model.get('lowest'), model.get('highest')];
    for (const input of inputs) {
      input.step = model.get('step') || 'any';
      if (lowest === null) input.removeAttribute('min'); else input.min = lowest;
      if (highest === null) input.removeAttribute('max'); else input.max = highest;
    }
  });
  follow(['value'], () => {
    const value = model.get('value');
    if (value === null && comma) return;
    comma = false;
    // What is being typed ("1." on the way to "1.5") is left alone as long as it means the same.
    if (value === null ? typed.value !== '' : typed.valueAsNumber !== value) typed.value = value ?? '';
    if (slider && value !== null) slider.value = value;
  });
  // A comma is left out by the browser, and no event tells of it but the one before: 1,5 would be 15. So there is no
  // number until what was typed is deleted, replaced or stepped.
  let lengthBefore = 0;
  let goneOn = false; // the first digit after a comma may replace what was selected, and is still part of "1,5"
  typed.addEventListener('beforeinput', ({ data, inputType }) => {
    lengthBefore = typed.value.length;
    if (data?.includes(',')) [comma, goneOn] = [true, false];
    else if (inputType !== 'insertText') comma = false;
    if (comma) take(typed);
  });
  typed.addEventListener('input', ({ inputType }) => {
    if (!inputType || (inputType === 'insertText' && goneOn && typed.value.length <= lengthBefore)) comma = false;
    goneOn = true;
  });
  slider?.addEventListener('input', () => { comma = false; });
  for (const input of inputs) input.addEventListener('input', () => take(input));
  // Turning the mouse's wheel is for moving the page, not for changing a number that happens to have the focus.
  typed.addEventListener('wheel', () => typed.blur(), { passive: true });
});
