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
            else if (!output.IsPattern) File.WriteAllText(file, ticket.Fingerprint.Text);
        }

        return store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, TestContext.Current.CancellationToken);
    }

    /// <summary>What a training has written by its last checkpoint.</summary>
    public static void Begin(JobTicket ticket, int epochs)
    {
        Directory.CreateDirectory(ticket.OutputDirectory);
        File.WriteAllText(Path.Combine(ticket.OutputDirectory, "model.csv"), Statistics(ticket, epochs));
    }

    public static void Log(ArtifactStore store, JobTicket ticket)
    {
        var file = AttemptLogs.File(store, ticket.Token);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, Enumerable.Range(1, 40).Select(epoch => string.Create(CultureInfo.InvariantCulture,
            ticket.Kind != JobKind.Train ? $"2026-11-22T21:{epoch:00}:07Z {epoch * 4096} of 163840 rows, 68.27 rows/s" : $"2026-11-22T21:{epoch:00}:07Z epoch {epoch}: loss {Loss(ticket, epoch):0.0000}, validation {Loss(ticket, epoch) - 0.004:0.0000}, lr {3e-4 * (41 - epoch) / 40:0.0000000}")));
    }

    private static string Statistics(JobTicket ticket, int epochs)
    {
        var text = new StringBuilder("epoch,time,lr,mean,std,v_mean,v_std\n");
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var loss = Loss(ticket, epoch);
            text.Append(CultureInfo.InvariantCulture, $"{epoch},{31.5:R},{3e-4 * (41 - epoch) / 40:R},{loss:R},{0.021:R},{loss - 0.004 - (0.003 * Noise(ticket, -epoch)):R},{0.02:R}\n");
        }

        return text.ToString();
    }

    private static string Metrics(JobTicket ticket) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {
          "accuracy": {{0.78 + (0.06 * Noise(ticket, 1)):0.0000}},
          "coverage": { "mean": {{0.94 + (0.03 * Noise(ticket, 2)):0.0000}}, "worst": {{0.88 + (0.05 * Noise(ticket, 3)):0.0000}} }
        }
        """);

    private static double Loss(JobTicket ticket, int epoch) =>
        1.155 + (0.05 * Noise(ticket, 0)) + (0.23 * Math.Exp(-epoch / (3.5 + (2 * Noise(ticket, 4))))) + (0.02 * Math.Exp(-epoch / 18.0)) + (0.004 * Noise(ticket, epoch));

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
