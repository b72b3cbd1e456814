using System.Text;

namespace Amnre.Cli.Tests.Documents;

/// <summary>Splits what is typed into a shell into its commands' words: quotes, escapes, operators, redirections and substitutions, as far
/// as documents use them.</summary>
internal static class ShellWords
{
    private const string Separators = "|;&(){}";

    /// <summary>Every command of <paramref name="line"/>, those within substitutions too. What is read from or written to files is left
    /// out.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Commands(string line)
    {
        var commands = new List<IReadOnlyList<string>>();
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, isFile) = (false, false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c is '\'' or '"')
            {
                var end = line.IndexOf(c, i + 1);
                if (end < 0) throw new FormatException($"a quotation mark that nothing closes: {line}");
                word.Append(line, i + 1, end - i - 1);
                (inWord, i) = (true, end);
            }
            else if (c == '\\' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
                inWord = true;
            }
            else if (char.IsWhiteSpace(c))
            {
                EndWord();
            }
            else if (c == '$' && i + 1 < line.Length && line[i + 1] is '(' or '{')
            {
                // Variables stay as they are; a substitution is a command of its own, whose place a word takes.
                var close = Close(line, i + 1);
                if (line[i + 1] == '(') commands.AddRange(Commands(line[(i + 2)..close]));
                word.Append("substituted");
                (inWord, i) = (true, close);
            }
            else if (c is '<' or '>' && i + 1 < line.Length && line[i + 1] == '(')
            {
                EndWord();
                var close = Close(line, i + 1);
                commands.AddRange(Commands(line[(i + 2)..close]));
                word.Append("substituted");
                (inWord, i) = (true, close);
            }
            else if (c is '<' or '>')
            {
                // The number of a stream is no word of the command, and what follows is a file, or a stream: 2>&1.
                if (word.ToString() is "1" or "2") (_, inWord) = (word.Clear(), false);
                EndWord();
                if (i + 2 < line.Length && line[i + 1] == '&' && char.IsAsciiDigit(line[i + 2])) i += 2;
                else isFile = true;
            }
            else if (Separators.Contains(c, StringComparison.Ordinal) && !inWord)
            {
                EndCommand();
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        EndCommand();
        return commands;

        void EndWord()
        {
            if (!inWord) return;
            if (!isFile) words.Add(word.ToString());
            word.Clear();
            (inWord, isFile) = (false, false);
        }

        void EndCommand()
        {
            EndWord();
            if (words.Count > 0) commands.Add([.. words]);
            words.Clear();
        }
    }

    /// <summary>Where the bracket that opens at <paramref name="open"/> closes; brackets may be nested.</summary>
    private static int Close(string line, int open)
    {
        var (opening, closing) = line[open] == '(' ? ('(', ')') : ('{', '}');
        var depth = 0;
        for (var i = open; i < line.Length; i++)
        {
            if (line[i] == opening) depth++;
            else if (line[i] == closing && --depth == 0) return i;
        }

        throw new FormatException($"a bracket that nothing closes: {line}");
    }
}
