// Start: htmx is loaded by the page, Stimulus gets its controllers. No bundler: the import map names the files.
import { Application } from "stimulus";
import Palette from "controllers/palette";
import Keys from "controllers/keys";
import Live from "controllers/live";
import Toast from "controllers/toast";
import Dialog from "controllers/dialog";
import Board from "controllers/board";
import Timer from "controllers/timer";
import Tabs from "controllers/tabs";
import Dirty from "controllers/dirty";
import Rows from "controllers/rows";
import Wrapup from "controllers/wrapup";
import Dial from "controllers/dial";

const application = Application.start();
for (const [name, controller] of Object.entries({
  palette: Palette,
  keys: Keys,
  live: Live,
  toast: Toast,
  dialog: Dialog,
  board: Board,
  timer: Timer,
  tabs: Tabs,
  dirty: Dirty,
  rows: Rows,
  wrapup: Wrapup,
  dial: Dial,
})) {
  application.register(name, controller);
}
