package org.omniscribe.eval.experts;

import java.util.List;
import java.util.Map;

/**
 * What was found of a model's routing; its JSON form has these names. Shares and rates are fractions, information is in bits,
 * and a number is null where there is nothing to measure.
 *
 * @param model name of the model
 * @param network what it is, in words
 * @param recordings how many were heard
 * @param seconds their length together
 * @param steps steps together
 * @param stepSeconds seconds a step
 * @param corpora names of the sets
 * @param layers one a layer, also those that have one expert only
 * @param agreement of the layers with each other
 * @param properties what experts may know of
 */
public record Findings(
        String model,
        String network,
        int recordings,
        double seconds,
        long steps,
        double stepSeconds,
        List<String> corpora,
        List<Layer> layers,
        Agreement agreement,
        List<Property> properties) {

    /**
     * One layer.
     *
     * @param experts number of experts
     * @param usage the share of steps of each
     * @param usageByCorpus the same for each corpus
     * @param usageEntropy entropy of {@code usage}
     * @param routerEntropy the mean entropy of the router's distribution over the steps: how undecided it is; null if unknown
     * @param topProbability the mean probability of the expert that was chosen
     * @param segments how long an expert stays
     * @param coverage local consistency; a row for each length in {@link RoutingStudy#LENGTHS}, the share of steps that the best
     *     group of 1, 2, … experts covers
     * @param cacheHits the hit rate of a cache of 1, 2, … experts that knows {@link RoutingStudy#AHEAD} steps
     * @param committee the smallest group that does most of the work in every corpus
     * @param knowledge of each property, by its name
     */
    public record Layer(
            int experts,
            double[] usage,
            double[][] usageByCorpus,
            double usageEntropy,
            Double routerEntropy,
            double topProbability,
            Segments segments,
            double[][] coverage,
            double[] cacheHits,
            Committee committee,
            Map<String, Knowledge> knowledge) {}

    /**
     * Lengths of the stretches of constant expert.
     *
     * @param mean in steps
     * @param median in steps
     * @param longest in steps
     * @param shares the share of steps that lie in stretches of each length of {@link RoutingStudy#SEGMENTS}
     */
    public record Segments(double mean, double median, int longest, double[] shares) {}

    /**
     * A standing committee.
     *
     * @param experts their numbers
     * @param least its share in the corpus where it has least
     * @param mean its share in the mean over corpora
     */
    public record Committee(int[] experts, double least, double mean) {}

    /**
     * What a layer's choice of expert tells of a property.
     *
     * @param bits mutual information
     * @param explained the part of the property's entropy
     * @param chance the same part where the property is shifted in time against the routing, so that only chance is left
     * @param table {@code [expert][value]}, the share of the expert's steps that have the value
     * @param overall the share of all steps that have each value
     */
    public record Knowledge(double bits, double explained, double chance, double[][] table, double[] overall) {}

    /**
     * How layers agree, {@code [layer][layer]} each.
     *
     * @param same the share of steps that go to the expert of the same number
     * @param renamed the same under the best one-to-one renaming of the second layer's experts
     * @param shared mutual information over the smaller of both entropies of usage
     */
    public record Agreement(double[][] same, double[][] renamed, double[][] shared) {
        /** The mean over all pairs of layers that differ. */
        public static double mean(double[][] pairs) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < pairs.length; i++) {
                for (int j = 0; j < i; j++) {
                    sum += pairs[i][j];
                    count++;
                }
            }
            return count == 0 ? 1 : sum / count;
        }

        /** The mean over layers that follow each other. */
        public static double neighbours(double[][] pairs) {
            double sum = 0;
            for (int i = 1; i < pairs.length; i++) {
                sum += pairs[i][i - 1];
            }
            return pairs.length < 2 ? 1 : sum / (pairs.length - 1);
        }
    }
}
