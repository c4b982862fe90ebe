/**
 * Who may do what on the client port: the file that lists the users, the check of a password, and
 * the command of the jar that writes the file. Of other packages it imports {@link kv.command},
 * {@link kv.config} and, for its clock, {@link kv.otp}; imported by {@link kv.server} and the
 * packages of that name alone.
 *
 * <pre>
 *   users file --Users--&gt; names, roles, secrets --Logins--&gt; kv.server: AUTH
 *       ^
 *       `-------UsersFile-------UserTool &lt;-- java -jar kv-server.jar user FILE NAME ROLE
 * </pre>
 *
 * <p>A password is never kept, logged or shown: a {@link kv.user.Secret} is what PBKDF2 has made of
 * it, and a {@link kv.user.Tag}, in memory only, knows it again. {@link kv.user.Logins} is where
 * attempts queue up: it checks one at a time, so that a flood of them takes one core at the most.
 */
package kv.user;
