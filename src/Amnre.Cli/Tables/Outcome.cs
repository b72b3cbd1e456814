using Amnre.Cli.Terminal;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Tables;

/// <summary>What became of a user's request, item by item; said at the end, to people or to programs.</summary>
/// <param name="json">To programs.</param>
/// <param name="done">What was done to the items: <c>cancelled</c>.</param>
internal sealed class Outcome(bool json, string done)
{
    private const int Shown = 20;

    private readonly List<string> _done = [];
    private readonly List<KeyValuePair<string, string>> _not = [];

    public void Add(string item) => _done.Add(item);

    public void Not(string item, string why) => _not.Add(KeyValuePair.Create(item, why));

    /// <returns>The exit code: success when something was done.</returns>
    public static int Tell(bool json, ActionReport report)
    {
        var outcome = new Outcome(json, report.Action);
        foreach (var item in report.Done) outcome.Add(item);
        foreach (var one in report.Not) outcome.Not(one.Item, one.Why);
        return outcome.Tell();
    }

    /// <inheritdoc cref="Tell(bool, ActionReport)"/>
    public int Tell()
    {
        if (json)
        {
            Console.WriteLine(
                JsonText.Of(new { Action = done, Done = _done, Not = _not.Select(one => new { Item = one.Key, Why = one.Value }) }));
        }
        else
        {
            foreach (var item in _done.Take(Shown)) Console.WriteLine($"{done}: {item}");
            if (_done.Count > Shown) Console.WriteLine($"{done}: {_done.Count - Shown} more");
            foreach (var (item, why) in _not.Take(Shown)) Console.Error.WriteLine($"amnre: {item} {why}");
            if (_not.Count > Shown) Console.Error.WriteLine($"amnre: and {_not.Count - Shown} more");
        }

        return _done.Count > 0 ? ExitCode.Success : ExitCode.Failed;
    }
}
