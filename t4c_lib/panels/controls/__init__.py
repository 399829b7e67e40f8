"""Controls on the browser's own elements: one look, a label always, errors in words, all of it by keyboard."""

from t4c_lib.panels.controls.answer import Answer
from t4c_lib.panels.controls.buttons import Button, Download, Message, Undo
from t4c_lib.panels.controls.choices import Check, Radio, Select
from t4c_lib.panels.controls.fields import Number, Text, Upload, UploadedFile
from t4c_lib.panels.controls.layout import Dialog, Table, Tabs
