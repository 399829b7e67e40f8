"""The widgets of pages on the browser's own elements: one look, a label always, all of it by keyboard."""
