"""Controls on the browser's own elements: one look, a label always, errors in words, all of it by keyboard."""

from t4c_lib.panels.controls.buttons import Button, Download, Message
from t4c_lib.panels.controls.fields import Select, Text, Upload, UploadedFile
