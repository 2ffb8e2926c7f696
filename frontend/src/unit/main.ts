import "../ui/tokens.css";
import "../ui/base.css";
import "./unit.css";
import { mount } from "svelte";
import { arabicLoaded } from "./fonts";
import { looks } from "./looks.svelte";
import Unit from "./Unit.svelte";

looks.open();
void arabicLoaded;
mount(Unit, { target: document.querySelector("#app") ?? document.body });
