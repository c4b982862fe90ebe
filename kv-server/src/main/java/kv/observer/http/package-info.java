/**
 * The port of the observer: {@code com.sun.net.httpserver} with bounds and guards. What it shows is
 * for others to say, who give it a {@link kv.observer.http.Route} for each path.
 *
 * <p>A connection is one request: it is closed behind the reply. The JDK's server accepts it, and
 * hands it over when its first byte has come; from then on it has one of the {@link
 * kv.observer.http.Places} and a thread of its own, until it is closed. {@link
 * kv.observer.http.Answers} has it from when its head was read: it looks at the {@link
 * kv.observer.http.Guards}, lets {@link kv.observer.http.BasicLogins} ask who it is, and replies.
 * To end an exchange, its thread is interrupted: that closes the connection, whatever it waits for.
 */
package kv.observer.http;
