using System.Globalization;
using System.Text;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Browser.Tests.Studies;

/// <summary>Files as workers leave them: statistics of trainings, metrics of evaluations, pictures.</summary>
internal static class Results
{
    private static readonly string Picture = Path.Combine(AppContext.BaseDirectory, "Studies", "corner.png");

    public static IReadOnlyList<ArtifactRecord> Make(ArtifactStore store, JobTicket ticket)
    {
        Directory.CreateDirectory(ticket.OutputDirectory);
        foreach (var output in ticket.Outputs)
        {
            var file = Path.Combine(ticket.OutputDirectory, output.IsPattern ? "figure.png" : output.Name);
            if (output.Name == "figure*") File.Copy(Picture, file, overwrite: true);
            else if (output.Name == "model.csv") File.WriteAllText(file, Statistics(ticket, 40));
            else if (output.Name == "summary.json") File.WriteAllText(file, Metrics(ticket));
            else if (output.Name == "verdict.json") File.WriteAllText(file, Verdict);
            else if (!output.IsPattern) File.WriteAllText(file, ticket.Fingerprint.Text);
        }

        return store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, TestContext.Current.CancellationToken);
    }

    /// <summary>What a training has written by its last checkpoint, and what it then reports.</summary>
    public static ReportedProgress Begin(JobTicket ticket, int epochs)
    {
        Directory.CreateDirectory(ticket.OutputDirectory);
        File.WriteAllText(Path.Combine(ticket.OutputDirectory, "model.csv"), Statistics(ticket, epochs));
        return new ReportedProgress((epochs * 1024) + 311, 40 * 1024, "steps", new Dictionary<string, double>
        {
            ["loss"] = Loss(ticket, epochs),
            ["v_loss"] = Loss(ticket, epochs) - 0.004,
            ["lr"] = LearningRate(epochs),
            ["epoch"] = epochs,
        }, (40 - epochs) * 59.2);
    }

    public static void Log(ArtifactStore store, JobTicket ticket)
    {
        var file = AttemptLogs.File(store, ticket.Token);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, Enumerable.Range(1, 40).Select(i => Line(ticket, i)));
    }

    private static string Line(JobTicket ticket, int i) => ticket.Kind == JobKind.Train
        ? string.Create(CultureInfo.InvariantCulture,
            $"2026-11-22 21:{i:00}:07.113Z {i * 1024} of 40960 steps, 17.31 steps/s  epoch {i}  loss {Loss(ticket, i):0.0000}  v_loss " +
                $"{Loss(ticket, i) - 0.004:0.0000}")
        : string.Create(CultureInfo.InvariantCulture, $"2026-11-22 21:{i:00}:07.113Z {i * 4096} of 163840 rows, 812.6 rows/s");

    private static string Statistics(JobTicket ticket, int epochs)
    {
        var text = new StringBuilder("epoch,time,lr,mean,std,v_mean,v_std\n");
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var loss = Loss(ticket, epoch);
            text.Append(CultureInfo.InvariantCulture,
                $"{epoch},{31.5:R},{LearningRate(epoch):R},{loss:R},{0.021:R},{loss - 0.004 - (0.003 * Noise(ticket, -epoch)):R}," +
                    $"{0.02:R}\n");
        }

        return text.ToString();
    }

    private static double LearningRate(int epoch) => 1e-5 + (2.9e-4 * (1 + Math.Cos(Math.PI * epoch / 40)) / 2);

    private static string Metrics(JobTicket ticket) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {
          "observations": 128,
          "mean_total_probability_1d": {{0.9 + (0.2 * Noise(ticket, 5)):0.0000}},
          "mean_kl_truth_1d": {{0.8 * Noise(ticket, 6):0.0000}},
          "coverage_area_1d": {{-0.03 - (0.05 * Noise(ticket, 7)):0.0000}},
          "accuracy": {{0.78 + (0.06 * Noise(ticket, 1)):0.0000}},
          "coverage": { "mean": {{0.94 + (0.03 * Noise(ticket, 2)):0.0000}}, "worst": {{0.88 + (0.05 * Noise(ticket, 3)):0.0000}} }
        }
        """);

    private const string Verdict =
        """
        {
          "rows": 512, "seed": 0, "verdict": "fail",
          "checks": [
            { "check": "finite", "verdict": "pass", "number": 0, "warn": 0, "fail": 0.001, "sentence": "all 6093968 densities asked for are numbers" },
            { "check": "coverage", "verdict": "fail", "number": 0.1066, "warn": 0.01, "fail": 0.05, "sentence": "the 68 % regions of all parameters together hold 47 % of 512 true values (chance explains 11 %): the posteriors are too narrow" },
            { "check": "information", "verdict": "pass", "number": 0.1896, "warn": 0, "fail": -0.5, "sentence": "the posterior density of the true θ₂ is e^0.13 times the prior's on average (± 0.02)" },
            { "check": "total", "verdict": "warn", "number": 1.4999, "warn": 1.25, "fail": 2, "sentence": "probabilities of all parameters together add up to 0.67 instead of 1, in the middle of all rows" }
          ],
          "observations": [], "information": []
        }
        """;

    private static double Loss(JobTicket ticket, int epoch) =>
        1.155 + (0.05 * Noise(ticket, 0)) + (0.23 * Math.Exp(-epoch / (3.5 + (2 * Noise(ticket, 4))))) + (0.02 * Math.Exp(-epoch / 18.0))
        + (0.004 * Noise(ticket, epoch));

    /// <summary>In [0, 1), of the job's name alone.</summary>
    private static double Noise(JobTicket ticket, int salt)
    {
        var hash = 2166136261u;
        foreach (var letter in $"{ticket.Name} {salt}") hash = (hash ^ letter) * 16777619u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        return (hash ^ (hash >> 13)) / 4294967296.0;
    }
}
