using Amnre.Engine.Estimators;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>Models alike but for their seeds that are trained step by step beside one another: as batched products where that is
/// faster (on a GPU), else one after the other in each step, which gives each the bytes that it has when trained alone.</summary>
internal sealed class Lockstep : IDisposable
{
    private readonly IReadOnlyList<TrainingSession> _sessions;
    private readonly bool _together;

    /// <summary>Null where models are computed one after the other.</summary>
    private readonly JointParameters? _joint;

    /// <param name="setups">Of each model; owned from now on.</param>
    public Lockstep(IReadOnlyList<TrainingSetup> setups)
    {
        var device = TrainingDevice.Open(setups[0].Settings.Device);
        _together = setups[0].Loss.Together || device.type == DeviceType.CUDA;
        IReadOnlyList<Estimator> estimators = [.. setups.Select(setup => setup.Estimator)];
        IReadOnlyList<FlatParameters> flats;
        if (_together && setups.Count > 1) (flats, _joint) = FlatParameters.Of(estimators, ScalarType.Float32, device);
        else flats = [.. estimators.Select(estimator => new FlatParameters(estimator, ScalarType.Float32, device))];
        _sessions = [.. setups.Zip(flats, (setup, flat) => new TrainingSession(setup, flat, _together))];
    }

    public IReadOnlyList<TrainingSession> Sessions => _sessions;

    /// <summary>Steps in an epoch.</summary>
    public int Steps => _sessions[0].Steps;

    public int ValidationSteps => _sessions[0].ValidationSteps;

    /// <summary>One step of descent of each model whose training is not over.</summary>
    /// <param name="states">Of each model; those under way are at the same step.</param>
    /// <returns>The states after it.</returns>
    public IReadOnlyList<TrainingState> Step(IReadOnlyList<TrainingState> states)
    {
        TrainingState[] after = [.. states];
        foreach (var set in Sets(states))
        {
            using var scope = NewDisposeScope();
            foreach (var group in Alike(set, place => _sessions[place].Begin(states[place].Epoch, states[place].Step)))
            {
                var losses = Descend(group.Places, group.Batches);
                using var off = no_grad();
                // All numbers in one transfer: each one waits for the device.
                var read = cat([losses, stack([.. group.Places.Select(place => _sessions[place].GradientNorm)])]).cpu();
                var numbers = Number.ReadAll<float>(read);
                for (var i = 0; i < group.Places.Count; i++)
                    after[group.Places[i]] = _sessions[group.Places[i]]
                        .End(states[group.Places[i]], group.Batches[i], numbers[i], numbers[group.Places.Count + i]);
            }
        }

        return after;
    }

    /// <summary>The loss of one batch of the validation set for each model whose training is not over; null where it is not finite, which
    /// the state then counts.</summary>
    public ValidationStep Validate(IReadOnlyList<TrainingState> states, int step)
    {
        using var off = no_grad();
        var (values, entropies) = (new float?[states.Count], new float?[states.Count]);
        TrainingState[] after = [.. states];
        foreach (var set in Sets(states))
        {
            using var scope = NewDisposeScope();
            foreach (var group in Alike(set, place => _sessions[place].BeginValidation(states[place].Epoch, step)))
            {
                var (losses, compared) = Values(group.Places, group.Batches);
                for (var i = 0; i < losses.Length; i++)
                {
                    var place = group.Places[i];
                    if (compared is not null && float.IsFinite((float)compared[i])) entropies[place] = (float)compared[i];
                    if (float.IsFinite((float)losses[i])) values[place] = (float)losses[i];
                    else after[place] = _sessions[place].SkipValidation(states[place], group.Batches[i]);
                }
            }
        }

        return new(values, entropies, after);
    }

    /// <summary>Remembers the weights of the models that have just ended their best epoch so far.</summary>
    /// <param name="states">After the epoch.</param>
    public void KeepBest(IReadOnlyList<TrainingState> states)
    {
        foreach (var (place, state) in states.Index())
            if (state.BestEpoch == state.Epoch - 1) _sessions[place].KeepBest();
    }

    public void Dispose()
    {
        foreach (var session in _sessions) session.Dispose();
        _joint?.Dispose();
    }

    /// <summary>Which models are computed at once: all under way, or one after the other.</summary>
    private IEnumerable<IReadOnlyList<int>> Sets(IReadOnlyList<TrainingState> states)
    {
        var running = Enumerable.Range(0, states.Count).Where(place => !states[place].Finished).ToList();
        return _together ? [running] : running.Select(place => (IReadOnlyList<int>)[place]);
    }

    /// <summary>By the number of rows: the last batch of a file's part may be shorter, and each model takes the parts in its own
    /// order.</summary>
    private static IEnumerable<(IReadOnlyList<int> Places, IReadOnlyList<TrainingBatch> Batches)> Alike(IReadOnlyList<int> set,
        Func<int, TrainingBatch> begin) =>
        [.. set.Select(place => (Place: place, Batch: begin(place))).ToList().GroupBy(one => one.Batch.Rows)
            .Select(group => ((IReadOnlyList<int>)[.. group.Select(one => one.Place)],
                (IReadOnlyList<TrainingBatch>)[.. group.Select(one => one.Batch)]))];

    /// <summary>Adds the gradients of the losses, each part of which frees all that it took.</summary>
    /// <returns>The losses (R).</returns>
    private Tensor Descend(IReadOnlyList<int> places, IReadOnlyList<TrainingBatch> batches)
    {
        var sum = zeros([places.Count], device: _sessions[places[0]].Device);
        foreach (var part in Parts(places))
        {
            using var scope = NewDisposeScope();
            using var joined = _joint?.Joined();
            var losses = ITrainingLoss.Of(part, batches);
            losses.sum().backward();
            using var off = no_grad();
            sum.Increase(losses);
        }

        return sum;
    }

    private (double[] Losses, double[]? CrossEntropies) Values(IReadOnlyList<int> places, IReadOnlyList<TrainingBatch> batches)
    {
        var offered = places.Select(place => _sessions[place].Offered()).ToList();
        try
        {
            List<IReadOnlyList<ITrainingLoss>> parts = [.. Parts(places)];
            List<IReadOnlyList<ITrainingLoss>> compared = [.. parts.Where(part => part[0].CrossEntropy is not null)
                .Select(part => (IReadOnlyList<ITrainingLoss>)[.. part.Select(loss => loss.CrossEntropy!)])];
            return (Sums(parts), compared.Count == 0 ? null : Sums(compared));
        }
        finally
        {
            foreach (var lent in offered) lent?.Dispose();
        }

        double[] Sums(List<IReadOnlyList<ITrainingLoss>> parts)
        {
            var sums = new double[places.Count];
            foreach (var part in parts)
            {
                using var scope = NewDisposeScope();
                using var joined = _joint?.Joined();
                var values = Number.ReadAll<float>(ITrainingLoss.Of(part, batches));
                for (var i = 0; i < sums.Length; i++) sums[i] += values[i];
            }

            return sums;
        }
    }

    /// <summary>The parts of the models' losses, each of all models.</summary>
    private IEnumerable<IReadOnlyList<ITrainingLoss>> Parts(IReadOnlyList<int> places) =>
        Enumerable.Range(0, _sessions[0].Loss.Parts.Count)
            .Select(part => (IReadOnlyList<ITrainingLoss>)[.. places.Select(place => _sessions[place].Loss.Parts[part])]);
}
