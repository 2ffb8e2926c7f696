import "./ui/tokens.css";
import "./ui/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { fontsLoaded } from "./ui/fonts";

void fontsLoaded;
mount(App, { target: document.querySelector("#app") ?? document.body });
