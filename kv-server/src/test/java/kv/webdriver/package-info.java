/**
 * A real browser for tests, driven by WebDriver, which is JSON over HTTP: chromedriver serves that,
 * and has a pipe to its chromium.
 */
package kv.webdriver;
