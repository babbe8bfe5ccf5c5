// Pages of the admin that hold no app.
import { startPage } from "./page";

startPage();
