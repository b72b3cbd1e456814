namespace Amnre.Experiments.Plans;

/// <summary>Says how much the searches of a file train at most.</summary>
public static class SearchNotes
{
    /// <param name="experiment">The file.</param>
    /// <returns>A sentence for each search.</returns>
    public static IEnumerable<string> Of(ExperimentFile experiment) =>
        experiment.Models.Where(model => model.Search is not null).Select(model => Of(model.Name, model.Search!));

    private static string Of(string name, SearchSection search)
    {
        var unit = search.Rungs[0].Epochs == 1 ? " epoch" : " epochs";
        var rungs = search.Rungs.Select((rung, place) => $"{rung.Most} for {rung.Epochs}{(place == 0 ? unit : "")}");
        return $"search {name}: {search.Candidates.Count} candidates in {search.Rungs.Count} rungs: {string.Join(", ", rungs)}; " +
            $"at most {search.Trainings} trainings and {search.Epochs} of the grid's {search.EpochsOfAll} epochs";
    }
}
