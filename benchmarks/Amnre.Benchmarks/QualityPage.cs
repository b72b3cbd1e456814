using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Amnre.Benchmarks;

/// <summary>Writes docs/results.md from what <c>amnre export slcp-quality --json</c> prints, beside the best that any estimator could
/// reach.</summary>
internal static class QualityPage
{
    /// <summary>What <see cref="SlcpOptimum"/> wrote.</summary>
    private const string OptimumFile = "slcp-optimum.csv";

    private const string Head =
        """
        # How good the estimates are

        These commands write this page:

        ```bash
        dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- --optimum benchmarks/Amnre.Benchmarks/slcp-optimum.csv 16384
        amnre run experiments/slcp-quality.yaml
        amnre export slcp-quality --json > quality.json
        dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- --quality quality.json --document docs/results.md
        ```

        For SLCP the best possible value of the networks' loss can be computed for each subset of the parameters. It is
        the loss of the exact ratio, found by quadrature, over 16 384 simulations and as many independent pairs. The difference to it is what the
        network failed to learn; a value below it by more than the error would be a measurement mistake.

        The networks are the original's (7 layers of 256, ELU; a flow of 7 transforms of 3 blocks of 128), trained on 1 048 576 simulations for
        96 epochs of 256 steps of 1024: three eighths of the original's steps, on one CPU core each. All figures use 131 072 simulations outside the training data.

        """;

    public static void Write(string exported, string page)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(exported));
        var models = json.RootElement.EnumerateArray().ToDictionary(model => model.GetProperty("model").GetString()!);
        var text = new StringBuilder(Head).Append('\n');
        Subsets(text, models["amnre"]);
        Joint(text, models);
        Truth(text, models["amnre"]);
        File.WriteAllText(page, text.ToString());
    }

    private static void Subsets(StringBuilder text, JsonElement amnre)
    {
        text.Append("""
            ## One network, 31 posteriors

            ± is the standard error of the best possible value. Loss and information in nats; the loss without any information is 2 ln 2 = 1.386.

            | subset | loss | best possible | area under ROC | best possible | mean log ratio | best possible |
            |---|---|---|---|---|---|---|

            """);
        var (excess, count) = (0.0, 0);
        foreach (var line in Optimum())
        {
            var (mask, best) = (line[0], line[1..]);
            var loss = Value(amnre, $"pairs.loss_{mask}");
            excess += loss - double.Parse(best[0], CultureInfo.InvariantCulture);
            count++;
            text.Append(CultureInfo.InvariantCulture,
                $"| {mask} | {loss:0.000} | {best[0]} ± {best[1]} | {Value(amnre, $"pairs.auc_{mask}"):0.0000} | {best[4]} ± {best[5]} | " +
                    $"{Value(amnre, $"pairs.kl_{mask}"):0.000} | {best[2]} ± {best[3]} |\n");
        }

        text.Append(CultureInfo.InvariantCulture,
            $"\nMean loss above the best possible, over all {count} subsets: {excess / count:0.000}.\n\n");
    }

    private static void Joint(StringBuilder text, Dictionary<string, JsonElement> models)
    {
        var best = Optimum().Single(line => line[0] == "11111");
        text.Append(CultureInfo.InvariantCulture, $"""
            ## All parameters together

            | estimator | loss | area under ROC | mean log ratio |
            |---|---|---|---|
            | best possible | {best[1]} ± {best[2]} | {best[5]} ± {best[6]} | {best[3]} ± {best[4]} |

            """);
        foreach (var (name, model, evaluation) in new[] { ("AMNRE, one network for any subset", "amnre", "pairs"),
            ("NRE, for this one alone", "nre", "joint"), ("NPE, for this one alone", "npe", "joint") })
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {Value(models[model], $"{evaluation}.loss_11111"):0.000} | " +
                    $"{Value(models[model], $"{evaluation}.auc_11111"):0.0000} | " +
                    $"{Value(models[model], $"{evaluation}.kl_11111"):0.000} |\n");
        text.Append('\n');
    }

    private static void Truth(StringBuilder text, JsonElement amnre)
    {
        text.Append(CultureInfo.InvariantCulture, $"""
            ## Against the exact posterior

            Marginals of AMNRE for 64 observations on 100 cells in each dimension, against quadrature; entropies and divergence in nats, the earth mover's distance in
            units of the parameters' range. Calibration: the area between expected coverage and credibility, within ±½; 0 is calibrated, above 0 too cautious.

            | | one parameter | two parameters |
            |---|---|---|
            | entropy, of the estimate | {Value(amnre, "truth.mean_entropy_1d"):0.000} | {Value(amnre, "truth.mean_entropy_2d"):0.000} |
            | entropy, of the truth | {Value(amnre, "truth.mean_entropy_truth_1d"):0.000} | {Value(amnre, "truth.mean_entropy_truth_2d"):0.000} |
            | divergence from the truth | {Value(amnre, "truth.mean_kl_truth_1d"):0.0000} | {Value(amnre, "truth.mean_kl_truth_2d"):0.0000} |
            | earth mover's distance to the truth | {Value(amnre, "truth.mean_emd_truth_1d"):0.0000} | {Value(amnre, "truth.mean_emd_truth_2d"):0.0000} |
            | total probability | {Value(amnre, "truth.mean_total_probability_1d"):0.0000} | {Value(amnre, "truth.mean_total_probability_2d"):0.0000} |
            | calibration (8192 and 1024 observations) | {Value(amnre, "calibration.coverage_area_1d"):0.0000} | {Value(amnre, "pairwise.coverage_area_2d"):0.0000} |

            The first observation of the test set: AMNRE's marginals over the exact ones.

            ![Marginals of one observation](images/quality-corner.png)

            Expected coverage of each parameter's regions:

            ![Coverage](images/quality-coverage.png)

            """);
    }

    private static double Value(JsonElement model, string column) =>
        model.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new InvalidDataException($"model {model.GetProperty("model")} has no {column}: run the experiment to its end and " +
                "export it again");

    private static IEnumerable<string[]> Optimum() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, OptimumFile)).Skip(1).Select(line => line.Split(','));
}
