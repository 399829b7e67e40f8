// HTML from widgets and outputs, without anything that could act: what somebody typed may be part of it. Also stands in
// for the package sanitize-html, which ipywidgets' manager asks for.
import DOMPurify from 'dompurify';

const INLINE = ['a', 'abbr', 'b', 'br', 'code', 'em', 'i', 'img', 'li', 'ol', 'span', 'strong', 'sub', 'sup', 'u', 'ul'];

export const sanitise = (html) => DOMPurify.sanitize(html, { ADD_ATTR: ['target'], FORBID_TAGS: ['form'] });

export default (html) => DOMPurify.sanitize(html, { ALLOWED_TAGS: INLINE });
