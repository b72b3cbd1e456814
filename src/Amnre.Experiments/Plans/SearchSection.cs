namespace Amnre.Experiments.Plans;

/// <summary>A search among settings by successive halving: each rung trains those that the rung below admitted for more epochs.</summary>
/// <param name="Metric">What is compared; lower is better.</param>
/// <param name="Candidates">In the order of the file, which breaks ties.</param>
/// <param name="Rungs">The last trains to the end, and the best of it is the model.</param>
public sealed record SearchSection(string Metric, IReadOnlyList<SearchCandidate> Candidates, IReadOnlyList<SearchRung> Rungs)
{
    /// <summary>Most trainings.</summary>
    public int Trainings => Rungs.Sum(rung => rung.Most);

    /// <summary>Most epochs that are trained: those of each rung that the rung below has not trained.</summary>
    public long Epochs => Rungs.Select((rung, place) => (long)rung.Most * (rung.Epochs - (place == 0 ? 0 : Rungs[place - 1].Epochs))).Sum();

    /// <summary>Epochs if each candidate were trained to the end.</summary>
    public long EpochsOfAll => (long)Candidates.Count * Rungs[^1].Epochs;
}

/// <summary>Settings that a search tries.</summary>
/// <param name="Label">Names it in the search.</param>
/// <param name="Values">What it sets.</param>
/// <param name="Model">Its training, to the end.</param>
public sealed record SearchCandidate(string Label, IReadOnlyList<SweptValue> Values, ModelSection Model);

/// <summary>One rung of a search.</summary>
/// <param name="Epochs">That its trainings have when they pause, or end.</param>
/// <param name="Most">Candidates in it at most.</param>
/// <param name="Keep">Of which so many go on at most.</param>
public sealed record SearchRung(int Epochs, int Most, int Keep);
