// One of a list that folds out.
controls.select = ({ model, el }) => stand(model, el, (follow) => {
  const select = el.querySelector('select');
  const take = () => tell(model, 'index', Number(select.value));
  const given = [...select.options].findIndex((one) => one.defaultSelected);
  if (given >= 0 && select.selectedIndex !== given) take(); // it was chosen before this program came
  frame(model, el, follow);
  follow(['index'], () => { select.value = model.get('index'); });
  select.addEventListener('change', take);
});
