using Amnre.Engine.Catalog;
using Amnre.Engine.ChainRule;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Ensembles;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>From measured observations to their posteriors.</summary>
internal sealed class PosteriorInference : IDisposable
{
    /// <summary>A total probability beyond it, or below its inverse, says that the ratio is off by as much.</summary>
    internal const double MaxTotal = 2;

    /// <summary>An observation that is unlike more than all but this part of the simulations is warned of.</summary>
    internal const double MinLikeness = Evaluation.Likeness.Least;

    private readonly ISimulator _simulator;
    private readonly ITrainedPosterior _model;
    private readonly string _path;
    private readonly string? _samples;
    private Likeness? _likeness;
    private bool _sought;

    private PosteriorInference(ISimulator simulator, ITrainedPosterior model, string path, string? samples) =>
        (_simulator, _model, _path, _samples) = (simulator, model, path, samples);

    public ISimulator Simulator => _simulator;

    public ITrainedPosterior Model => _model;

    /// <summary>The dataset that the model was trained on, as its settings name it.</summary>
    public string? TrainedOn => _samples;

    /// <param name="model">Weights of a trained model, <c>.pth</c>, with its settings (<c>.json</c>) beside it.</param>
    /// <param name="simulator">Its simulator; null for the one that its settings name.</param>
    /// <param name="threads">CPU threads; 0 for all.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="others">Further models of an ensemble.</param>
    /// <param name="combine">How they are one posterior; null for one model.</param>
    /// <exception cref="InputException">A file is missing or damaged, or they do not belong together.</exception>
    public static PosteriorInference Open(
        string model, string? simulator, int threads, ComputeDevice device, IReadOnlyList<string>? others = null,
        Combination? combine = null)
    {
        if (!File.Exists(model))
            throw new InputException($"there is no model '{model}': name the .pth of a trained model, with its .json beside it");
        var file = ModelFile.Read(Path.ChangeExtension(model, ".json"));
        var found = ModelSimulator.Find(model, file.Settings.Simulator, simulator);
        try
        {
            var trained = TrainedPosterior.OpenTrained(
                [model, .. others ?? []], combine, found, threads > 0 ? threads : Environment.ProcessorCount, device);
            return new PosteriorInference(found, trained, model, file.Inputs.Samples);
        }
        catch
        {
            (found as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>The posterior of one observation.</summary>
    /// <param name="measured">One observation, flattened, as measured: it is standardised here as the model's training data were.</param>
    /// <param name="index">Its place among others.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="figure">Whether its corner figure is wanted, which takes all marginals of two.</param>
    /// <param name="context">Is told of what takes longer, and may stop it.</param>
    /// <exception cref="InputException">What is asked does not fit the model.</exception>
    /// <exception cref="NoDrawsException">The model gives the observation no probability.</exception>
    public ObservationPosterior Of(ReadOnlySpan<float> measured, int index, Question asked, bool figure, RunContext context)
    {
        var (mask, given) = (asked.Mask, asked.Given);
        var x = Standardised(measured);
        using var posterior = given is null ? null : new ConditionalPosterior(_model, given.Value, asked.Values, divided: false);
        var estimate = (IMarginalPosterior?)posterior ?? _model;
        if (!estimate.Covers(mask)) throw new InputException(Lacking(mask, given));

        var likeness = Likeness()?.Of(measured);
        var warnings = new List<string>();
        if (likeness is { } like && like < MinLikeness)
            warnings.Add($"{Evaluation.Likeness.Warning}: its posterior is a guess beyond them. " +
                "Check units, order and preprocessing of its values, or whether the simulator can produce it");
        warnings.AddRange(GivenValues.Warnings(new ObservedMarginals(_simulator, _model, x), asked));
        var marginals = new ObservedMarginals(_simulator, estimate, x);
        var (totals, known, points) = (new List<double>(), new Dictionary<int, double>(), new List<MarginalPoints>());
        foreach (var parameter in mask.Indices())
        {
            if (marginals.Points(parameter) is not { } found) continue;
            points.Add(found);
            if (given is null && NoProbability.Is(found.Total, _model.HasFreeFactor))
                throw new NoDrawsException(
                    FormattableString.Invariant(
                        $"the model gives observation {index} no probability (total {found.Total:0.####e+0} for {_simulator.Labels[parameter]} instead of 1): is it an observation of {SimulatorReference.Plain(_simulator.Name)}, in its units, and is the model trained?{(likeness < MinLikeness ? $" Also, {Evaluation.Likeness.Warning}." : "")}"));
            totals.Add(found.Total);
            known[parameter] = found.Total;
        }

        var factors = asked.Nested.Select(one => estimate.Covers(new ParameterMask(1u << one.Parameter, mask.Size))
            ? BayesFactor.Of(_simulator, estimate, one.Parameter, one.Value, x, known[one.Parameter])
            : throw new InputException($"model '{_path}' does not know {_simulator.Labels[one.Parameter]} alone, whose density a Bayes " +
                "factor takes: train an AMNRE (arbitrary: true), or an MNRE with its mask")).ToList();
        // Where the model does not know each parameter alone, its numbers and figures are those of draws, and few draws would say nothing.
        var joint = points.Count < mask.Count || !KnowsPairs(estimate, mask)
            ? JointDraws.Described(marginals, mask, asked.Draws, asked.Seed, index, context)
            : JointDraws.Of(marginals, mask, asked.Draws, asked.Seed, index, context);
        if (points.Count < mask.Count)
            points = [.. mask.Indices()
                .Select((parameter, place) => MarginalPoints.Of(_simulator, parameter, Column(joint.Describing, place, mask.Count)))];
        else if (given is null && !_model.HasFreeFactor && totals.Find(total => total is < 1 / MaxTotal or > MaxTotal) is > 0 and var off)
            warnings.Add(
                FormattableString.Invariant(
                    $"the model's probabilities add up to {off:0.00} instead of 1 at this observation: it has not learnt it well; train it longer or on more simulations"));
        if (joint.Warning is { } warning) warnings.Add(warning);
        return new ObservationPosterior
        {
            Index = index,
            MissingValues = x.Count(float.IsNaN),
            Mask = mask,
            Draws = joint.Theta,
            Way = joint.Way,
            EffectiveSize = joint.EffectiveSize,
            Marginals = [.. mask.Indices()
                .Select((parameter, place) => MarginalSummary.Of(_simulator.Labels[parameter], points[place].Points,
                    points[place].LogPrior, _simulator.IsLogarithmic(parameter)))],
            Pairs = figure ? PairInformation.Of(marginals, mask, asked.Seed, index, context) : [],
            BayesFactors = factors,
            Likeness = likeness,
            Warnings = warnings,
            Figure = figure ? new PosteriorFigure(_simulator, estimate, x, mask, joint.Describing, points) : null,
        };
    }

    public void Dispose()
    {
        _model.Dispose();
        (_simulator as IDisposable)?.Dispose();
    }

    private string Lacking(ParameterMask mask, ParameterMask? given) => given is { } known
        ? $"model '{_path}' was not trained for parameters {new ParameterMask(mask.Bits | known.Bits, mask.Size)} together, which " +
            $"drawing {mask} given {known} takes: an AMNRE (arbitrary: true) knows every subset"
        : $"model '{_path}' was not trained for mask {mask}: ask for one that it knows with --masks, or train an AMNRE (arbitrary: " +
            "true), which knows every subset";

    /// <summary>A measured observation as the model takes it.</summary>
    /// <exception cref="InputException">The model does not carry what that takes.</exception>
    public float[] Standardised(ReadOnlySpan<float> measured)
    {
        var x = measured.ToArray();
        _model.TrainedOn?.MomentsToApply(_path, "write the observation into a dataset with its 'mu' and 'sigma' and use amnre eval")
            ?.Standardize(x);
        return x;
    }

    /// <summary>What observations are compared with; null where there is nothing.</summary>
    public Likeness? Likeness()
    {
        if (!_sought) (_sought, _likeness) = (true, Evaluation.Likeness.Of(_simulator, _samples));
        return _likeness;
    }

    private static bool KnowsPairs(IMarginalPosterior estimate, ParameterMask mask) =>
        mask.Indices().All(one => mask.Indices().All(other => estimate.Covers(new ParameterMask(1u << one | 1u << other, mask.Size))));

    private static IEnumerable<float> Column(float[] rows, int place, int size)
    {
        for (var at = place; at < rows.Length; at += size) yield return rows[at];
    }
}
