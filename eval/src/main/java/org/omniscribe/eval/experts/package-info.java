/** What the experts of a model do, found from how recordings were routed, and a report of it. */
package org.omniscribe.eval.experts;
