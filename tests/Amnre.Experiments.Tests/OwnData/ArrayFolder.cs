using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;
using Amnre.Testing;

namespace Amnre.Experiments.Tests.OwnData;

/// <summary>A folder with arrays of two parameters and three observed values, and experiment files about them.</summary>
internal sealed class ArrayFolder : IDisposable
{
    public const int Rows = 10;

    public const string Head = "name: own\nparameters: { a: { uniform: [0, 1] }, b: { log_uniform: [0.1, 10] } }\nobservation: [3]\n";

    public const string Study = Head +
        """
        datasets:
          train: { file: sims.npz, indices: [0, 8], moments: true }
          valid: { file: sims.npz, indices: [8, 10], moments: true, reference: train }
        observations: { night: { file: obs.csv } }
        models: { m: { samples: train, valid: valid, arbitrary: true, epochs: 1 } }
        evaluations: { e: { data: night } }
        figures: { corner: { type: corner, evaluation: e } }
        """;

    public ArrayFolder()
    {
        NumpyFile.WriteArchive(this["sims.npz"], ("theta", Theta(Rows), [Rows, 2]), ("x", X(Rows), [Rows, 3]));
        NumpyFile.Write(this["theta.npy"], Theta(Rows), Rows, 2);
        NumpyFile.Write(this["x.npy"], X(Rows), Rows, 3);
        File.WriteAllText(this["obs.csv"], "1,2,3\n");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public static double[] Theta(int rows) => [.. Enumerable.Range(0, 2 * rows).Select(i => i % 2 == 0 ? 0.05 * (i % 20) : 1 + 0.1 * i)];

    public static double[] X(int rows) => [.. Enumerable.Range(0, 3 * rows).Select(i => Math.Sin(i))];

    public ExperimentPlan Plan(string text) => Planner.Plan(Read(text));

    public ExperimentFile Read(string text) => ExperimentReader.Read(this["own.yaml"], text);

    public IReadOnlyList<ValidationError> Errors(string text) => Assert.Throws<ExperimentException>(() => Read(text)).Errors;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
