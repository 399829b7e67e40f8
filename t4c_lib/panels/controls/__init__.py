"""Controls on the browser's own elements: one look, a label always, errors in words, all of it by keyboard."""

from t4c_lib.panels.controls.form_controls import Button, Download, Message, Select, Text, Upload, UploadedFile
