// Before the engine, which looks for it when it is loaded: the design system's style sheet then reaches into components, as in an org.
import '@lwc/synthetic-shadow';
