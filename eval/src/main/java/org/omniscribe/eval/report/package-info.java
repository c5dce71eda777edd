/** Writes down what an evaluation found. */
package org.omniscribe.eval.report;
