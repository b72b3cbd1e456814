using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using PureHDF;

namespace Amnre.Engine.Datasets;

/// <summary>Writes the reference observations of a simulator: <c>theta</c> (n, D) and <c>x</c> (n, …), contiguous.</summary>
public static class EventFile
{
    /// <param name="simulator">Whose events.</param>
    /// <param name="seed">Names the draw of their noise, and the rows that moments are estimated from.</param>
    /// <param name="momentRows">Rows to estimate mu and sigma from; null for a file without them.</param>
    /// <param name="reference">Samples file to copy mu and sigma from, instead of estimating them.</param>
    /// <param name="path">Where the file appears when it is whole; its folder is made.</param>
    /// <param name="threads">Most processors; 0 for all.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <returns>Where the events come from; null when asked to drain, and no file.</returns>
    /// <exception cref="InputException">The simulator has no events, or its x cannot be standardised.</exception>
    public static SampleOrigin? Write(
        ISimulator simulator, ulong seed, int? momentRows, string? reference, string path, int threads, RunContext context)
    {
        var events = simulator as IReferenceEvents
            ?? throw new InputException($"simulator {simulator.PlainName} has no reference events: leave -events out");
        // Before the work: a folder that cannot be written should not cost an hour of simulations.
        using var file = AtomicFile.Create(path);
        ObservationMoments? moments = null;
        if (reference is not null) moments = ReferenceMoments.Of(reference, simulator);
        else if (momentRows is { } rows)
        {
            var sum = new MomentSum(simulator.ObservationSize, rows);
            var progress = new PacedProgress(context, rows, "rows");
            var source = new RowSource(simulator, seed, 0, NonFinitePolicy.Error, RowSource.DefaultBatch, threads);
            if (!source.FillMoments(sum, context, within => progress.Report(rows - sum.Missing + within))) return null;
            progress.Report(rows);
            moments = sum.Result($"simulator {SimulatorReference.Plain(simulator.Name)}, seed {seed}", keepConstants: true);
        }

        var theta = new float[events.EventCount * simulator.ThetaSize];
        var x = new float[events.EventCount * simulator.ObservationSize];
        events.Events(seed, theta, x);
        // As the original's files of measured events, those have no theta.
        if (!events.KnowsEventParameters) theta = [];
        var origin = Origin(events, seed, theta, x);
        var content = new H5File();
        if (events.KnowsEventParameters)
        {
            var parameters = Contiguous(theta, [events.EventCount, simulator.ThetaSize]);
            if (SampleLayout.NamesOf(simulator) is { } names) parameters.Attributes[SampleAttributes.Parameters] = names.ToArray();
            content["theta"] = parameters;
        }

        content["x"] = Contiguous(x, [events.EventCount, .. simulator.ObservationShape]);
        if (moments is not null)
        {
            content["mu"] = Contiguous([.. moments.Mu], simulator.ObservationShape);
            content["sigma"] = Contiguous([.. moments.Sigma], simulator.ObservationShape);
        }

        SampleAttributes.Set(content, origin);
        AtomicFile.Fill(() => content.Write(file.Stream));
        file.Commit();
        return origin;
    }

    private static SampleOrigin Origin(IReferenceEvents events, ulong seed, float[] theta, float[] x)
    {
        using var digest = new RowDigest();
        digest.Add(theta, x);
        var (thetaDigest, xDigest) = digest.Take();
        return new SampleOrigin
        {
            Simulator = events.Name,
            BasisDigest = events.BasisDigest,
            Seed = seed,
            FirstRow = 0,
            EndRow = events.EventCount,
            Content = SampleContent.Events,
            ThetaDigest = thetaDigest,
            XDigest = xDigest,
        };
    }

    private static H5Dataset Contiguous(float[] values, IReadOnlyList<int> shape) =>
        new(values, fileDims: [.. shape.Select(length => (ulong)length)]);
}
