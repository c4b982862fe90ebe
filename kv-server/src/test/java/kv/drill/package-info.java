/**
 * Drills: real nodes, in processes of their own, under load and under attack, and proof that they
 * lose nothing that they have acknowledged. Nothing here knows a node but as its clients, its peers
 * and the operating system do.
 *
 * <pre>
 *   Shopper      a client that knows what each of its keys must hold: {@link kv.drill.KeyModel}
 *   Crew         shoppers of one node, at work side by side
 *   History      what several clients asked and heard, and when: {@link kv.drill.Linearizability}
 *   Faults       what is done to a {@link kv.drill.Pair} of nodes meanwhile
 * </pre>
 *
 * <p>The drills are short as they are in every build; with the Maven profile {@code drills} they
 * last minutes. Some wait for a state of things that nobody announces, as the number of descriptors
 * of a process: {@link kv.drill.Patience} is how, and is there for nothing else.
 */
package kv.drill;
